import { expect, it } from 'vitest';
import type { ReportView } from '../../api/wire';
import { byMonth } from './by_month';

function report(id: string, month: string, state: ReportView['state'], received_at: string): ReportView {
  return { id, month, state, received_at } as ReportView;
}

it('puts the newest month and what stands first', () => {
  const months = byMonth([
    report('a', '2026-09', 'standing', '2026-09-20T10:00:00+08:00'),
    report('b', '2026-10', 'amended', '2026-10-28T10:00:00+08:00'),
    report('c', '2026-10', 'standing', '2026-10-20T10:00:00+08:00'),
    report('d', '2026-10', 'standing', '2026-10-21T10:00:00+08:00'),
  ]);
  expect(months.map(({ month, reports }) => [month, reports.map(({ id }) => id).join('')])).toEqual([
    ['2026-10', 'dcb'],
    ['2026-09', 'a'],
  ]);
});
