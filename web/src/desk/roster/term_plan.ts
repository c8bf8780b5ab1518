// A term as it is prepared: who leaves, and to whom their sites go. Pure.
import type { TermPreview } from '../../api/wire';

export interface TermForm {
  number: string;
  beginsOn: string;
}

export interface PlannedTerm {
  number: number;
  begins_on: string;
  leaving: number[];
  carried: { site_id: number; from_deputy_id: number; to_deputy_id: number }[];
}

/** The key of a site of somebody who leaves. */
export function moveKey(each: TermPreview['sites'][number]): string {
  return `${each.site.id}:${each.from.id}`;
}

/** What is sent: the moves of those who still are on the list of who leaves, and whose receiver is not. */
export function plannedTerm(
  form: TermForm,
  leaving: ReadonlySet<number>,
  moves: ReadonlyMap<string, string>,
): PlannedTerm {
  const carried: PlannedTerm['carried'] = [];
  for (const [key, receiver] of moves) {
    const [site, from] = key.split(':').map(Number);
    const to = Number(receiver);
    if (receiver === '' || site === undefined || from === undefined || !leaving.has(from) || leaving.has(to)) continue;
    carried.push({ site_id: site, from_deputy_id: from, to_deputy_id: to });
  }
  return { number: Number(form.number), begins_on: form.beginsOn, leaving: [...leaving], carried };
}
