import { describe, expect, it } from 'vitest';
import { byUrgency, countProjects, countSites, filterSites, NO_FILTERS } from './filters';
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
