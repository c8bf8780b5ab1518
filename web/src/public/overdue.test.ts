import { expect, it } from 'vitest';
import { overdueDays, plannedShare } from './overdue';
import { sampleSite } from './site_samples';

it('counts from the missed date, the earlier one when both were missed', () => {
  const late = sampleSite({ finish_overdue: true, planned_finish_on: '2026-10-31' });
  expect(overdueDays(late, '2026-11-22')).toBe(22);
  expect(overdueDays({ ...late, start_overdue: true, planned_start_on: '2026-10-01' }, '2026-11-22')).toBe(52);
});

it('a site that is not overdue is no days late, whatever its dates', () => {
  expect(overdueDays(sampleSite({ planned_finish_on: '2026-01-01' }), '2026-11-22')).toBe(0);
});

it('knows how much of the planned time has passed', () => {
  const site = sampleSite({ planned_start_on: '2026-01-01', planned_finish_on: '2026-01-11' });
  expect(plannedShare(site, '2026-01-06')).toBe(50);
  expect(plannedShare(site, '2025-12-01')).toBe(0);
  expect(plannedShare(site, '2026-05-01')).toBe(100);
  expect(plannedShare({ ...site, planned_finish_on: null }, '2026-01-06')).toBeNull();
});
