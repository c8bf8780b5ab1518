import { expect, it } from 'vitest';
import { pauseBefore } from './events';

it('waits longer after each failure, but never longer than half a minute by much', () => {
  expect([0, 1, 2, 3, 10].map((attempt) => pauseBefore(attempt, 0.5))).toEqual([1000, 2000, 4000, 8000, 30_000]);
  expect(pauseBefore(10, 1)).toBeLessThanOrEqual(33_000);
});
