/** One act on many rows: asked of the server in parts, with what would happen or has happened at each row, and what can be undone. */
import { signedIn } from '../../account/session.svelte';
import { post } from '../../api/client';
import { uuidV7 } from '../../api/uuid';
import type { RowOutcome, RowOutcomes, Stage } from '../../api/wire';
import { inParts, type Watch } from './in_parts';

export type RowActName = 'strike_off' | 'propose_strike_off' | 'confirm_strike_off' | 'return' | 'correct' | 'reassign';

/** How the others are taken back. */
export type BackActName = 'reopen' | 'withdraw_proposal';

/** A row as the person saw it. */
export interface SeenRow {
  site_id: number;
  name: string;
  rev: number;
  proposal_id?: number;
}

/** What is said of an act beside its rows. */
export interface RowActForm {
  words: string;
  stage?: Stage;
  percent?: number;
  from_deputy_id?: number | null;
  to_deputy_id?: number | null;
  reason?: 'leave' | 'illness' | 'end_of_term' | 'other';
}

export const MOST_AT_ONCE = 200;

/** The bodies of the calls that act on all rows. Pure. */
export function bodiesOf(act: RowActName | BackActName, rows: readonly SeenRow[], form: RowActForm, preview: boolean) {
  const bodies = [];
  for (let at = 0; at < rows.length; at += MOST_AT_ONCE) {
    const part = rows.slice(at, at + MOST_AT_ONCE).map(({ site_id, rev, proposal_id }) => ({
      site_id,
      rev,
      ...(proposal_id === undefined ? {} : { proposal_id }),
    }));
    bodies.push({ act, ...form, words: form.words.trim(), rows: part, preview });
  }
  return bodies;
}

/** Rows that are left out, by the reason; the reason of most rows first. Pure. */
export function leftOut(
  rows: readonly SeenRow[],
  outcomes: readonly RowOutcome[],
): { words: string; names: string[] }[] {
  const names = new Map(rows.map((row) => [row.site_id, row.name]));
  const found = new Map<string, string[]>();
  for (const each of outcomes) {
    if (each.done) continue;
    const words = each.words ?? '';
    const named = found.get(words) ?? [];
    named.push(names.get(each.site_id) ?? String(each.site_id));
    found.set(words, named);
  }
  return [...found]
    .map(([words, named]) => ({ words, names: named }))
    .sort((one, other) => other.names.length - one.names.length);
}

/** What would happen at each row; nothing is changed. */
export async function previewOf(
  act: RowActName,
  rows: readonly SeenRow[],
  form: RowActForm,
  watch: Watch = {},
): Promise<RowOutcome[]> {
  const ask = async (part: readonly SeenRow[]) => {
    const [body] = bodiesOf(act, part, form, true);
    return signedIn(post<RowOutcomes>('/api/review/acts', body, { idempotencyKey: uuidV7() }));
  };
  return (await inParts(rows, MOST_AT_ONCE, ask, watch)).flatMap(({ items }) => items);
}

/** Whether the act can be taken back with one press. Pure. */
export function undoable(act: RowActName, form: RowActForm): boolean {
  return act.endsWith('strike_off') || (act === 'reassign' && form.to_deputy_id !== null);
}

/** The call that takes an act back: each way back is an act on rows of its own. Pure. */
export function wayBack(
  act: RowActName,
  form: RowActForm,
  words: string,
): { act: RowActName | BackActName; form: RowActForm } {
  if (act === 'propose_strike_off') return { act: 'withdraw_proposal', form: { words } };
  if (act !== 'reassign') return { act: 'reopen', form: { words } };
  const [from, to] = [form.to_deputy_id ?? null, form.from_deputy_id ?? null];
  return { act, form: { words, reason: form.reason ?? 'other', from_deputy_id: from, to_deputy_id: to } };
}

/** Takes back what was done; says of each row whether it was. What somebody changed since stays as they left it. */
export async function takeBack(act: RowActName, form: RowActForm, done: readonly RowOutcome[], words: string) {
  const back = wayBack(act, form, words);
  const rows = done.map((each) => ({ site_id: each.site_id, name: '', rev: each.rev ?? 0 }));
  const outcomes: RowOutcome[] = [];
  for (const body of bodiesOf(back.act, rows, back.form, false)) {
    outcomes.push(...(await signedIn(post<RowOutcomes>('/api/review/acts', body, { idempotencyKey: uuidV7() }))).items);
  }
  return outcomes;
}
