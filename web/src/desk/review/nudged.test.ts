import { expect, it } from 'vitest';
import type { ReviewRow } from '../../api/wire';
import { nudged } from './nudged';

function row(site_id: number, adopters: number[], unit: number | null): ReviewRow {
  const site = { id: site_id, unit: unit === null ? null : { id: unit, name: `单位${unit}` } };
  const people = adopters.map((id) => ({ id, name: `代表${id}`, constituency: '' }));
  return { site_id, site, adopters: people } as unknown as ReviewRow;
}

const rows = [row(1, [7], 1), row(2, [7, 8], 1), row(3, [], null)];

it('counts each adopter once, with the sites they are told about', () => {
  expect(nudged(rows, 'adopters').map(({ id, sites }) => [id, sites])).toEqual([
    [7, 2],
    [8, 1],
  ]);
});

it('tells units, and nobody where there is none', () => {
  expect(nudged(rows, 'unit').map(({ id, sites }) => [id, sites])).toEqual([[1, 2]]);
});
