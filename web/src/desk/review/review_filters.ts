// Which part of the review list is shown, and how that is said to the server and kept in a saved view. Pure.
import type { ReviewReason } from '../../api/wire';
import { REASONS } from './reasons';

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
};

const NAMES = Object.keys(NO_FILTERS) as (keyof ReviewFilters)[];

/** Whether anything but the reason narrows the list. */
export function isNarrowed(filters: ReviewFilters): boolean {
  return NAMES.some((name) => name !== 'reason' && filters[name].trim() !== '');
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
    else if (NAMES.includes(name as keyof ReviewFilters))
      filters[name as Exclude<keyof ReviewFilters, 'reason'>] = value;
  }
  return filters;
}
