import { expect, it } from 'vitest';
import { bodyOf, faultsOf, formOf, offerable, partsOf } from './offer_form';

it('says to whom only what was chosen', () => {
  const form = { ...formOf(null), places: '2', words: ' 就近 ', region: '339901001', group: '4' };
  expect(bodyOf(form)).toEqual({ places: 2, words: '就近' });
  expect(bodyOf({ ...form, to: 'region' })).toEqual({ places: 2, words: '就近', for_region: '339901001' });
  expect(bodyOf({ ...form, to: 'group' })).toEqual({ places: 2, words: '就近', for_group_id: 4 });
});

it('asks for what is missing', () => {
  expect(faultsOf(formOf(null))).toEqual([]);
  for (const places of ['0', '21', '1.5', '', '两'])
    expect(faultsOf({ ...formOf(null), places }), places).toEqual(['places']);
  expect(faultsOf({ ...formOf(null), to: 'region' })).toEqual(['region']);
  expect(faultsOf({ ...formOf(null), to: 'group' })).toEqual(['group']);
});

it('leaves struck-off sites out', () => {
  expect(offerable([{ struck_off_on: null }, { struck_off_on: '2026-10-01' }])).toHaveLength(1);
});

it('offers very many in calls of two hundred', () => {
  const parts = partsOf(Array.from({ length: 401 }, (_, at) => at));
  expect(parts.map((part) => part.length)).toEqual([200, 200, 1]);
  expect(parts.flat()).toHaveLength(401);
});
