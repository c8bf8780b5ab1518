import { expect, test } from 'vitest';
import type { RankRule } from '../../api/wire';
import { sumLines } from './rank_sum';

const RULE = {
  reasons: { overdue_red: { once: 300, each: 3 }, silent: { once: 0, each: 60 }, off_site: { once: 30, each: 0 } },
  people: { per: 100, points: 1, most: 50 },
  orders: { per: 1, points: 20, most: 60 },
} as unknown as RankRule;

const reason = (code: 'overdue_red' | 'silent' | 'off_site', figures: Record<string, unknown>) => ({
  code,
  since: '2026-09-16',
  days: 66,
  points: 0,
  figures,
});

test('the lines add up to the score', () => {
  const reasons = [
    reason('overdue_red', { days_late: 66 }),
    reason('silent', { months: 2 }),
    reason('off_site', { distance_m: 2310 }),
  ];
  const lines = sumLines({ reasons, people_served: 2380, open_orders: 5 }, RULE);
  expect(lines.map(({ of, points }) => [of, points])).toEqual([
    ['overdue_red', 498],
    ['silent', 120],
    ['off_site', 30],
    ['people', 23],
    ['orders', 60],
  ]);
});

test('what counts nothing is not told', () => {
  expect(sumLines({ reasons: [], people_served: 99, open_orders: 0 }, RULE)).toEqual([]);
});
