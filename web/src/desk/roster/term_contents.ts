// What is said of a term's deputies and adoptions, and which of them a search finds. Pure.
import type { TermAdoption, TermDeputy } from '../../api/wire';
import { dayWords } from '../../i18n/dates';
import { tr } from './texts';

/** Which of the two congresses; both when empty. */
export type Congress = '' | 'county' | 'township';

const REASONS = ['term_ended', 'resigned', 'moved', 'dismissed', 'died', 'other'] as const;

/** What a file of the term is narrowed by, as its page is. */
export function termFilters(term: number, congress: Congress): string {
  return congress === '' ? `term=${term}` : `term=${term}&level=${congress}`;
}

/** When and why a deputy left, within the term or as it ended. */
export function leavingWords({ left_on, left_because }: TermDeputy): string {
  if (left_on === null) return tr('term.in_office');
  const reason = REASONS.find((each) => each === left_because) ?? 'other';
  return tr('left_on', { day: dayWords(left_on), why: tr(`why.${reason}`) });
}

/** What became of an adoption, with the name of whoever took the site on. */
export function fateWords({ ending, to }: TermAdoption): string {
  const said = tr(`ending.${ending}`);
  return to === null ? said : tr('ending.to', { ending: said, name: to.name });
}

/** The rows in which the words stand in a name: of the deputy, the site, the place or the group. */
export function matching<Row extends TermDeputy | TermAdoption>(rows: readonly Row[], words: string): Row[] {
  const wanted = words.trim();
  if (wanted === '') return [...rows];
  return rows.filter((row) => namesOf(row).some((name) => name.includes(wanted)));
}

function namesOf(row: TermDeputy | TermAdoption): string[] {
  if ('site' in row) return [row.site.name, row.site.code, row.deputy.name, row.region.name, row.to?.name ?? ''];
  return [row.name, row.constituency, row.region.name, row.group?.name ?? ''];
}
