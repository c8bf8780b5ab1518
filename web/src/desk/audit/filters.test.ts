import { expect, it } from 'vitest';
import { asked, NO_FILTERS } from './filters';

it('asks only for what narrows', () => {
  expect(asked(NO_FILTERS)).toEqual({});
  expect(asked({ ...NO_FILTERS, person: ' 王 ', outcome: 'refused', address: '  ' })).toEqual({
    person: '王',
    outcome: 'refused',
  });
});
