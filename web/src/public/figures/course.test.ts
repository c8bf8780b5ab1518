import { expect, it } from 'vitest';
import type { ProgressView } from '../../api/wire';
import { completedLine, labelStep, type Plane, plannedLine, polyline } from './course';

const plane: Plane = { width: 120, height: 120, left: 0, right: 0, top: 10, bottom: 10 };
const counts = {
  sites: 10,
  completed: 5,
  in_progress: 5,
  not_started: 0,
  overdue_red: 0,
  overdue_yellow: 0,
  silent: 0,
  struck_off: 0,
};
const progress: ProgressView = {
  year: 2026,
  years: [2026],
  sites: 20,
  undated: 0,
  months: [
    {
      month: '2026-01',
      planned_original: 5,
      planned_current: 0,
      state: 'final',
      figures: { counts, owed: 4, received: 3, on_time: 2 },
    },
    { month: '2026-02', planned_original: 20, planned_current: 10, state: null, figures: null },
  ],
};

it('draws what was completed as far as months have a map, of the sites they had', () => {
  expect(completedLine(plane, progress)).toEqual([{ month: '2026-01', x: 30, y: 60, count: 5, whole: 10 }]);
});

it('draws the plan for the whole year, of all sites', () => {
  expect(polyline(plannedLine(plane, progress, 'planned_original'))).toBe('30.0,85.0 90.0,10.0');
  expect(polyline(plannedLine(plane, progress, 'planned_current'))).toBe('30.0,110.0 90.0,60.0');
});

it('draws no line of no sites', () => {
  expect(plannedLine(plane, { ...progress, sites: 0 }, 'planned_current')).toEqual([]);
});

it('leaves out labels that do not fit', () => {
  expect([labelStep(plane, 2, 40), labelStep(plane, 12, 28), labelStep(plane, 0, 10)]).toEqual([1, 3, 1]);
});
