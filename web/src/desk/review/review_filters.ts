// Which part of the review list is shown, and how that is said to the server and kept in a saved view. Pure.
import type { ReviewReason } from '../../api/wire';
import { REASONS } from './reasons';

const SORTS = [
  'rank',
  'site',
  'stage',
  'reasons',
  'adopters',
  'unit',
  'plan',
  'last_report',
  'people',
  'done',
] as const;

/** By which column the server sorts the list. */
export type SortBy = (typeof SORTS)[number];

/** The controls' values; empty when nothing is wanted of them. */
export interface ReviewFilters {
  reason: ReviewReason | '';
  q: string;
  project: string;
  region: string;
  unit: string;
  deputy: string;
  days: string;
  unreminded: string;
  ordered: string;
  /** By which column; by rank when empty. */
  sort: SortBy | '';
  /** `true` for the other way round. */
  descending: string;
}

export const NO_FILTERS: ReviewFilters = {
  reason: '',
  q: '',
  project: '',
  region: '',
  unit: '',
  deputy: '',
  days: '',
  unreminded: '',
  ordered: '',
  sort: '',
  descending: '',
};

const NAMES = Object.keys(NO_FILTERS) as (keyof ReviewFilters)[];

/** Whether anything but the reason narrows the list; its order does not. */
export function isNarrowed(filters: ReviewFilters): boolean {
  return NAMES.some((name) => !['reason', 'sort', 'descending'].includes(name) && filters[name].trim() !== '');
}

/** As a saved view keeps them: `unit=7&days=30`. */
export function filterWords(filters: ReviewFilters): string {
  const words = new URLSearchParams();
  for (const name of NAMES) if (filters[name].trim() !== '') words.set(name, filters[name].trim());
  return words.toString();
}

/** What a saved view means; names and reasons that are no longer known are passed over. */
export function filtersOf(words: string): ReviewFilters {
  const filters = { ...NO_FILTERS };
  for (const [name, value] of new URLSearchParams(words)) {
    if (name === 'reason') filters.reason = REASONS.find((reason) => reason === value) ?? '';
    else if (name === 'sort') filters.sort = SORTS.find((sort) => sort === value) ?? '';
    else if (name === 'descending') filters.descending = value === 'true' ? value : '';
    else if (NAMES.includes(name as keyof ReviewFilters))
      filters[name as Exclude<keyof ReviewFilters, 'reason' | 'sort'>] = value;
  }
  return filters;
}

/** What is numbers from the start is first wanted from its great end; what is read from A to Z from its beginning. */
const GREAT_FIRST: readonly SortBy[] = ['reasons', 'people', 'done', 'last_report'];

/** The order after a click on a column's head: that column, then the other way round, then by rank again. */
export function sortedBy(filters: ReviewFilters, column: SortBy): ReviewFilters {
  const first = GREAT_FIRST.includes(column) ? 'true' : '';
  if (filters.sort !== column) return { ...filters, sort: column, descending: first };
  if (filters.descending === first) return { ...filters, descending: first === '' ? 'true' : '' };
  return { ...filters, sort: '', descending: '' };
}

/** As assistive technology is told; nothing where the list is not sorted by the column. */
export function sortWords(filters: ReviewFilters, column: SortBy): 'ascending' | 'descending' | undefined {
  if (filters.sort !== column) return undefined;
  return filters.descending === 'true' ? 'descending' : 'ascending';
}

/** The list's address: its filters and order, and the site whose file is open over it. */
export function reviewAddress(filters: ReviewFilters, fileOf: number | null): string {
  const words = filterWords(filters);
  return `/review${fileOf === null ? '' : `/${fileOf}`}${words === '' ? '' : `?${words}`}`;
}
