// A page's filters as an address has them, for the file of its list. Pure.
import type { Query } from '../../api/client';

/** Without what was not chosen, and without the page's own paging. */
export function filtersOf(query: Query): string {
  const chosen = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '' || name === 'cursor' || name === 'limit') continue;
    chosen.append(name, String(value));
  }
  return chosen.toString();
}
