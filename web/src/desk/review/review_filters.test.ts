import { expect, test } from 'vitest';
import { filtersOf, filterWords, isNarrowed, NO_FILTERS, reviewAddress, sortedBy, sortWords } from './review_filters';

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

test('sorts by a column, then the other way round, then by rank again', () => {
  const unit = sortedBy(NO_FILTERS, 'unit');
  expect([unit.sort, unit.descending]).toEqual(['unit', '']);
  const back = sortedBy(unit, 'unit');
  expect([back.sort, back.descending, sortWords(back, 'unit')]).toEqual(['unit', 'true', 'descending']);
  expect(sortedBy(back, 'unit').sort).toBe('');
  const people = sortedBy(back, 'people');
  expect([people.sort, people.descending]).toEqual(['people', 'true']);
  expect(sortWords(people, 'unit')).toBeUndefined();
});

test('is kept whole in the address', () => {
  const filters = { ...NO_FILTERS, unit: '7', q: '道路 a&b', sort: 'plan' as const, descending: 'true' };
  const address = reviewAddress(filters, 41);
  expect(address.startsWith('/review/41?')).toBe(true);
  expect(filtersOf(address.split('?')[1] ?? '')).toEqual(filters);
  expect(reviewAddress(NO_FILTERS, null)).toBe('/review');
  expect(filtersOf('sort=luck&descending=perhaps')).toEqual(NO_FILTERS);
});
