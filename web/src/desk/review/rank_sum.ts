// How a row's score comes about, line by line, computed from the answer's own rule; the same sum anybody can make from the interface. Pure.
import type { RankRule, ReviewReason, ReviewRow } from '../../api/wire';

/** One line of the sum: so much once, and so much for each day, month, hundred people or order. */
export interface SumLine {
  of: ReviewReason | 'people' | 'orders';
  once: number;
  each: number;
  /** How many days, months, hundreds or orders. */
  times: number;
  /** The most that the line can count; null without a limit. */
  most: number | null;
  points: number;
}

type Explained = Pick<ReviewRow, 'reasons' | 'people_served' | 'open_orders'>;

export function sumLines(row: Explained, rule: RankRule): SumLine[] {
  const lines = row.reasons.map((reason): SumLine => {
    const { once, each } = rule.reasons[reason.code] ?? { once: reason.points, each: 0 };
    const times = each === 0 ? 0 : figure(reason.figures, reason.code === 'silent' ? 'months' : 'days_late');
    return { of: reason.code, once, each, times, most: null, points: once + each * times };
  });
  const share = (of: 'people' | 'orders', number: number): SumLine => {
    const { per, points, most } = rule[of];
    const times = Math.floor(number / per);
    return { of, once: 0, each: points, times, most, points: Math.min(times * points, most) };
  };
  const shares = [share('people', row.people_served ?? 0), share('orders', row.open_orders)];
  return [...lines, ...shares.filter((line) => line.points > 0)];
}

function figure(figures: Record<string, unknown>, name: string): number {
  const value = figures[name];
  return typeof value === 'number' ? value : 0;
}
