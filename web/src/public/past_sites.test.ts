import { expect, it } from 'vitest';
import type { MonthMap } from '../api/wire';
import { lastDay, sitesInMonth } from './past_sites';
import { sampleSite } from './site_samples';

const september: MonthMap = {
  month: '2026-09',
  state: 'final',
  closed_at: '2026-10-01T00:00:00+08:00',
  owed: 2,
  received: 1,
  on_time: 1,
  sites: [
    { id: 1, stage: 'not_started', percent: 0, marks: ['start_overdue', 'silent'] },
    { id: 2, stage: 'completed', percent: 100, marks: ['struck_off'] },
    { id: 9, stage: 'in_progress', percent: 30, marks: [] },
  ],
  withdrawn: [sampleSite({ id: 9, name: '已撤销的点位' })],
};

it('shows each site as the month has it, those gone since too, those that came later not', () => {
  const today = [
    sampleSite({ id: 1, stage: 'completed', percent: 100, finish_overdue: true, rev: 5 }),
    sampleSite({ id: 2, stage: 'completed', struck_off_on: null }),
    sampleSite({ id: 3, name: '十月新增' }),
  ];
  const [first, second, third, ...more] = sitesInMonth(today, september);
  expect(first).toMatchObject({
    id: 1,
    stage: 'not_started',
    percent: 0,
    start_overdue: true,
    finish_overdue: false,
    silent: true,
    name: '云溪东岸村幼儿园扩建',
  });
  expect(second).toMatchObject({ id: 2, struck_off_on: '2026-09-30' });
  expect(third?.name).toBe('已撤销的点位');
  expect(more).toEqual([]);
});

it('knows how long a month is', () => {
  expect([lastDay('2026-02'), lastDay('2028-02'), lastDay('2026-12')]).toEqual([
    '2026-02-28',
    '2028-02-29',
    '2026-12-31',
  ]);
});
