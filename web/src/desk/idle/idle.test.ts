import { expect, it } from 'vitest';
import { isUnattended, leftMs, shouldTell } from './idle';

const MINUTE = 60_000;

it('signs out before the server does', () => {
  expect(leftMs(0, 0, 1800)).toBe(28.5 * MINUTE);
  expect(leftMs(29 * MINUTE, 0, 1800)).toBe(0);
  expect(leftMs(29 * MINUTE, 20 * MINUTE, 1800)).toBe(19.5 * MINUTE);
});

it('tells the server of typing within the minute, and never of nothing', () => {
  let toldAt = 0;
  const told: number[] = [];
  // Somebody types until 2:00 and then goes away.
  for (let now = 0; now <= 10 * MINUTE; now += 1000) {
    const usedAt = Math.min(now, 2 * MINUTE);
    if (!shouldTell(now, usedAt, toldAt)) continue;
    toldAt = now;
    told.push(now);
    expect(isUnattended(now, usedAt)).toBe(false);
  }
  expect(told).toEqual([1 * MINUTE, 2 * MINUTE]);
});

it('knows when nobody is there', () => {
  expect(isUnattended(MINUTE, 0)).toBe(false);
  expect(isUnattended(MINUTE + 1, 0)).toBe(true);
});
