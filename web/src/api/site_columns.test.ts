import { expect, it } from 'vitest';
import { sampleSite } from '../public/site_samples';
import { columnsOf, sitesOf } from './site_columns';

it('puts the sites together again', () => {
  const sites = [
    sampleSite({ id: 1, struck_off_on: '2026-10-01' }),
    sampleSite({ id: 2, project: { id: 9, number: 2, title: '公路' }, unit: { id: 4, name: '交通局' }, stale: true }),
  ];
  expect(sitesOf(columnsOf(sites))).toEqual(sites);
  expect(sitesOf(columnsOf([]))).toEqual([]);
});
