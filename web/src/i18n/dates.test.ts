import { expect, it } from 'vitest';
import { daysBetween, dayWords, momentIn, momentWords, monthWords } from './dates';

it('reads dates, months and moments as they are written, whatever the reader’s zone', () => {
  expect(dayWords('2026-03-05')).toBe('2026年3月5日');
  expect(monthWords('2026-03')).toBe('2026年3月');
  expect(momentWords('2026-03-05T23:59:00+08:00')).toBe('2026年3月5日 23:59');
});

it('counts calendar days across a leap day', () => {
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
});

it('tells the county’s clock from a moment', () => {
  expect(momentIn('Asia/Shanghai', new Date('2026-03-05T16:05:00Z'))).toBe('2026-03-06T00:05');
});
