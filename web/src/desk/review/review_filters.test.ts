import { expect, test } from 'vitest';
import { filtersOf, filterWords, isNarrowed, NO_FILTERS } from './review_filters';

test('a view keeps what narrows the list, and gives it back', () => {
  const filters = { ...NO_FILTERS, reason: 'silent' as const, unit: '7', days: '30', q: ' 幼儿园 ' };
  expect(decodeURIComponent(filterWords(filters))).toBe('reason=silent&q=幼儿园&unit=7&days=30');
  expect(filtersOf(filterWords(filters))).toEqual({ ...filters, q: '幼儿园' });
  expect(filterWords(NO_FILTERS)).toBe('');
});

test('what is no longer known is passed over', () => {
  expect(filtersOf('reason=weather&colour=red&unit=7')).toEqual({ ...NO_FILTERS, unit: '7' });
});

test('the reason has its own tabs and does not count as narrowing', () => {
  expect(isNarrowed({ ...NO_FILTERS, reason: 'silent' })).toBe(false);
  expect(isNarrowed({ ...NO_FILTERS, ordered: 'false' })).toBe(true);
});
