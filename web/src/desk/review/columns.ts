// The columns of the review list that can be left out, in the order in which they stand. Pure.

export const COLUMNS = ['stage', 'reasons', 'adopters', 'unit', 'plan', 'last_report', 'people', 'done'] as const;

export type Column = (typeof COLUMNS)[number];

export const USUAL_COLUMNS: readonly Column[] = ['stage', 'reasons', 'adopters', 'unit', 'done'];

/** The known ones of those named, in their order; the usual ones when none is left. */
export function columnsOf(names: readonly string[]): Column[] {
  const known = COLUMNS.filter((column) => names.includes(column));
  return known.length > 0 ? known : [...USUAL_COLUMNS];
}
