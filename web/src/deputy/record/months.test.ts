import { expect, it } from 'vitest';
import { monthsOfYearUpTo } from './months';

it('goes back to January', () => {
  expect(monthsOfYearUpTo('2026-03')).toEqual(['2026-03', '2026-02', '2026-01']);
  expect(monthsOfYearUpTo('2026-01')).toEqual(['2026-01']);
});
