import { expect, it } from 'vitest';
import type { MapMonth } from '../api/wire';
import { nextInPlay, numberOf } from './month_steps';

const months = (...names: string[]): MapMonth[] =>
  names.map((month, at) =>
    at === names.length - 1 ? { month, state: 'live', version: null } : { month, state: 'final', version: month },
  );

const year = months('2025-12', '2026-01', '2026-02', '2026-03');

it('now is the last step, and a month without a map is taken for now', () => {
  expect([numberOf(year, null), numberOf(year, '2026-01'), numberOf(year, '2019-01')]).toEqual([3, 1, 3]);
});

it('from now the year is played from its beginning, otherwise from the month shown', () => {
  expect(nextInPlay(year, 3)).toBe(1);
  expect(nextInPlay(year, 2)).toBe(2);
});

it('in January the past year is played', () => {
  expect(nextInPlay(months('2025-10', '2025-11', '2025-12', '2026-01'), 3)).toBe(0);
});
