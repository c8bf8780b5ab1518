import { describe, expect, it } from 'vitest';
import {
  byUrgency,
  countProjects,
  countSites,
  filterSites,
  knownFilters,
  listRegions,
  listUnits,
  NO_FILTERS,
} from './filters';
import { sampleSite } from './site_samples';

const late = sampleSite({ id: 2, code: 'B', stage: 'not_started', finish_overdue: true });
const slow = sampleSite({ id: 3, code: 'C', finish_overdue: true });
const waiting = sampleSite({ id: 4, code: 'D', stage: 'not_started', region: { code: '339901002', name: '青禾镇' } });
const done = sampleSite({ id: 5, code: 'E', stage: 'completed', project: { id: 9, number: 2, title: '公路' } });
const closed = sampleSite({ id: 6, code: 'F', stage: 'completed', struck_off_on: '2026-10-01' });
const all = [closed, done, waiting, slow, late];

const ids = (sites: { id: number }[]) => sites.map((site) => site.id);

describe('filters', () => {
  it('overdue takes red and yellow sites that are late, and not a red site that is not yet due', () => {
    expect(ids(filterSites(all, { ...NO_FILTERS, overdue: true }))).toEqual([3, 2]);
  });

  it('a region takes in what lies below it', () => {
    expect(ids(filterSites(all, { ...NO_FILTERS, region: '339901002' }))).toEqual([4]);
    expect(filterSites(all, { ...NO_FILTERS, region: '339901' })).toHaveLength(5);
  });

  it('every searched word must be found, one Chinese character too', () => {
    expect(ids(filterSites(all, { ...NO_FILTERS, q: '路 教' }))).toEqual([5]);
  });

  it.each(['ＹＸ－０１', 'yx-01', '云溪 东岸', '云', '1 号', '１号', '教育局'])(
    '%s is found, whatever its width, case and spaces',
    (q) => {
      const site = sampleSite({ code: 'YX-01' });
      expect(filterSites([site], { ...NO_FILTERS, q })).toEqual([site]);
      expect(filterSites([site], { ...NO_FILTERS, q: `${q}无` })).toEqual([]);
    },
  );

  it('marks are looked for: not yet due is red and not late', () => {
    const stale = sampleSite({ id: 7, stale: true });
    const one = (mark: 'struck_off' | 'stale' | 'not_due') =>
      ids(filterSites([...all, stale], { ...NO_FILTERS, mark }));
    expect([one('struck_off'), one('stale'), one('not_due')]).toEqual([[6], [7], [4]]);
  });

  it('a unit is a filter too, and what nobody could pass is dropped', () => {
    expect(filterSites(all, { ...NO_FILTERS, unit: 1 })).toHaveLength(5);
    const foreign = { ...NO_FILTERS, project: 77, region: '110101', unit: 5, q: '路' };
    expect(knownFilters(foreign, all)).toEqual({ ...NO_FILTERS, q: '路' });
    const own = { ...NO_FILTERS, project: 9, region: '339901', unit: 1 };
    expect(knownFilters(own, all)).toEqual(own);
  });

  it('filters combine', () => {
    expect(filterSites(all, { ...NO_FILTERS, stage: 'completed', overdue: true })).toEqual([]);
  });
});

it('counts stages and overdue apart', () => {
  expect(countSites(all)).toEqual({
    sites: 5,
    completed: 2,
    in_progress: 1,
    not_started: 2,
    overdue: 2,
    struck_off: 1,
    stale: 0,
    silent: 0,
    not_due: 1,
  });
});

it('puts overdue red first and struck-off last', () => {
  expect(ids([...all].sort(byUrgency('2026-11-22')))).toEqual([2, 3, 4, 5, 6]);
});

it('puts the site most days late first', () => {
  const late = [
    sampleSite({ id: 1, stage: 'not_started', start_overdue: true, planned_start_on: '2026-11-20' }),
    sampleSite({ id: 2, stage: 'in_progress', finish_overdue: true, planned_finish_on: '2026-10-31' }),
  ];
  expect(ids(late.sort(byUrgency('2026-11-22')))).toEqual([2, 1]);
});

it('lists projects by number with their counts', () => {
  expect(countProjects(all).map(({ project, counts }) => [project.number, counts.sites])).toEqual([
    [1, 4],
    [2, 1],
  ]);
});

it('lists townships and units in the order of their sound', () => {
  const sites = ['卓山镇', '青禾镇', '北港镇', '云溪街道'].map((name, at) =>
    sampleSite({ region: { code: `33990100${at}`, name }, unit: { id: at, name: `${name}政府` } }),
  );
  const order = ['北港镇', '青禾镇', '云溪街道', '卓山镇'];
  expect(listRegions(sites).map((region) => region.name)).toEqual(order);
  expect(listUnits(sites).map((unit) => unit.name)).toEqual(order.map((name) => `${name}政府`));
});
