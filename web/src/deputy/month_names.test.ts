import { expect, it } from 'vitest';
import { lastDayName, monthName } from './month_names';

it('names a month and the last day of grace without their year', () => {
  expect(monthName('2026-10')).toBe('10月');
  expect(lastDayName('2026-11-06T00:00:00+08:00')).toBe('11月5日');
  expect(lastDayName('2026-01-06T00:00:00+08:00')).toBe('1月5日');
});
