import { expect, it } from 'vitest';
import type { SiteDetail } from '../../api/wire';
import { blankForm, missingFields, planChange } from './plan_change';

const site = {
  planned_start_on: '2026-03-01',
  planned_finish_on: '2026-10-31',
  quota: '6 个班',
  address: '清溪镇人民路 8 号',
  position: { lon: 119.97, lat: 30.54 },
  rev: 4,
} as SiteDetail;

it('sends only what differs from the plan that stands', () => {
  const form = { ...blankForm(site), decidedOn: '2026-11-20', number: ' 12号 ', reason: '汛期', finish: '2026-12-20' };
  expect(planChange(form, site)).toEqual({
    decision_number: '12号',
    decided_on: '2026-11-20',
    reason: '汛期',
    planned_finish_on: '2026-12-20',
    rev: 4,
  });
  const moved = planChange(
    { ...form, finish: '2026-10-31', moves: true, place: { lon: '119.98', lat: '30.54', datum: 'gcj02' } },
    site,
  );
  expect(moved.place).toEqual({ lon: 119.98, lat: 30.54, datum: 'gcj02', address: '清溪镇人民路 8 号' });
  expect(moved.planned_finish_on).toBeUndefined();
});

it('asks for number, day, reason, and a place that is one', () => {
  const form = blankForm(site);
  expect(missingFields(form)).toEqual(['decision_number', 'decided_on', 'reason']);
  const place = { ...form.place, lat: 'x' };
  const filled = { ...form, number: '1', decidedOn: '2026-11-20', reason: '一', moves: true, place };
  expect(missingFields(filled)).toEqual(['place']);
});
