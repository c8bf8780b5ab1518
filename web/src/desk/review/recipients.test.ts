import { expect, test } from 'vitest';
import { addedUp } from './recipients';

const told = (id: number, sites: number) => ({ id, name: `单位 ${id}`, sites, accounts: 1 });

test('parts are added up, those with most sites first', () => {
  const parts = [
    { units: [told(1, 3), told(2, 2)], deputies: [], sites_without_adopters: 1 },
    { units: [told(2, 4)], deputies: [told(9, 1)], sites_without_adopters: 2 },
  ];
  const sum = addedUp(parts);
  expect(sum.units.map(({ id, sites }) => [id, sites])).toEqual([
    [2, 6],
    [1, 3],
  ]);
  expect([sum.deputies.length, sum.sites_without_adopters]).toEqual([1, 3]);
});
