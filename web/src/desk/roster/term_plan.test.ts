import { expect, it } from 'vitest';
import { plannedTerm } from './term_plan';

it('sends the moves that still make sense', () => {
  const form = { number: '18', beginsOn: '2026-12-28' };
  const moves = new Map([
    ['41:12', '17'],
    ['42:12', ''],
    ['43:13', '17'],
    ['44:12', '12'],
  ]);
  expect(plannedTerm(form, new Set([12]), moves)).toEqual({
    number: 18,
    begins_on: '2026-12-28',
    leaving: [12],
    carried: [{ site_id: 41, from_deputy_id: 12, to_deputy_id: 17 }],
  });
});
