// The months of a year, as the record pages through them.

/** `2026-03` → `['2026-03', '2026-02', '2026-01']`. */
export function monthsOfYearUpTo(month: string): string[] {
  const [year = '', number = '1'] = month.split('-');
  return Array.from(
    { length: Number(number) },
    (_, back) => `${year}-${String(Number(number) - back).padStart(2, '0')}`,
  );
}
