// Who will be told when the chosen sites are reminded about: shown before anything is sent. Pure.
import type { Named, ReviewRow } from '../../api/wire';

export interface Nudged extends Named {
  /** How many of the chosen sites this person or unit is told about. */
  sites: number;
}

/** Adopters or units of the rows, those with most sites first. */
export function nudged(rows: readonly ReviewRow[], to: 'adopters' | 'unit'): Nudged[] {
  const counted = new Map<number, Nudged>();
  for (const row of rows) {
    const told: readonly Named[] = to === 'adopters' ? row.adopters : row.site.unit ? [row.site.unit] : [];
    for (const { id, name } of told) counted.set(id, { id, name, sites: (counted.get(id)?.sites ?? 0) + 1 });
  }
  return [...counted.values()].sort((one, other) => other.sites - one.sites || one.id - other.id);
}
