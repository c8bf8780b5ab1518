import { expect, it } from 'vitest';
import type { RegionView } from '../api/wire';
import { sampleSite } from '../public/site_samples';
import { boundsOf, countTownships } from './townships';

const region: RegionView = {
  code: '339901001',
  name: '云溪街道',
  label: { lon: 120, lat: 30.5 },
  bounds: [119.9, 30.4, 120.1, 30.6],
  counts: {
    sites: 0,
    completed: 0,
    in_progress: 0,
    not_started: 0,
    overdue_red: 0,
    overdue_yellow: 0,
    silent: 0,
    struck_off: 0,
  },
};
const inVillage = sampleSite({ id: 2, region: { code: '339901001003', name: '东岸村' }, stage: 'completed' });
const late = sampleSite({ id: 3, stage: 'not_started', start_overdue: true });
const elsewhere = [119.8, 119.9].map((lon, at) =>
  sampleSite({ id: 10 + at, region: { code: '339901002', name: '北港镇' }, position: { lon, lat: 30.7 } }),
);

it('counts the sites of a township with those of its villages', () => {
  const [township, ...more] = countTownships([inVillage, late], [inVillage, late, ...elsewhere], [region]);
  expect(township).toMatchObject({ name: '云溪街道', position: region.label });
  expect(township?.counts).toMatchObject({ sites: 2, completed: 1, not_started: 1, overdue: 1 });
  expect(more).toEqual([]);
});

it('a township without a boundary stands in the middle of its sites, whatever is filtered, in the order of sound', () => {
  const [first, second] = countTownships([inVillage, elsewhere[0] ?? late], [inVillage, ...elsewhere], [region]);
  expect(first?.name).toBe('北港镇');
  expect(first?.position.lon).toBeCloseTo(119.85, 6);
  expect(second?.name).toBe('云溪街道');
});

it('opens a township by its boundary, or the box around its sites', () => {
  expect(boundsOf('339901001', elsewhere, [region])).toEqual(region.bounds);
  expect(boundsOf('339901002', elsewhere, [])).toEqual([119.8, 30.7, 119.9, 30.7]);
});
