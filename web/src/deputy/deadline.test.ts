import { describe, expect, it } from 'vitest';
import { dayByNow, daysLeft, lastDayOf, urgency } from './deadline';

describe('the end of the reporting month', () => {
  it('counts days in the county, whatever the zone of the machine', () => {
    expect(daysLeft('2026-12-01T00:00:00+08:00', '2026-11-22')).toBe(8);
    expect(daysLeft('2026-12-01T00:00:00+08:00', '2026-11-30')).toBe(0);
    expect(daysLeft('2026-12-01T00:00:00+08:00', '2026-12-01')).toBe(-1);
  });

  it('reads both ways of writing the close', () => {
    expect(lastDayOf('2026-12-01T00:00:00+08:00')).toBe('2026-11-30');
    expect(lastDayOf('2026-11-30T23:59:59+08:00')).toBe('2026-11-30');
    expect(lastDayOf('2026-11-30T16:00:00Z')).toBe('2026-11-30');
  });

  it('crosses a leap day', () => {
    expect(daysLeft('2028-03-01T00:00:00+08:00', '2028-02-27')).toBe(2);
  });

  it('grows pressing towards the end', () => {
    expect([-1, 0, 1, 5, 6].map(urgency)).toEqual(['closed', 'last', 'last', 'near', 'calm']);
  });
});

it('goes on counting days without network, as far as the phone can be believed', () => {
  const offset = '2026-12-01T00:00:00+08:00';
  const read = new Date('2026-11-20T15:50:00Z');
  expect(dayByNow('2026-11-20', null, new Date(), offset)).toBe('2026-11-20');
  expect(dayByNow('2026-11-20', read, new Date('2026-11-20T15:59:00Z'), offset)).toBe('2026-11-20');
  expect(dayByNow('2026-11-20', read, new Date('2026-11-20T16:01:00Z'), offset)).toBe('2026-11-21');
  expect(dayByNow('2026-11-20', read, new Date('2026-12-02T02:00:00Z'), offset)).toBe('2026-12-02');
  expect(dayByNow('2026-11-20', read, new Date('1970-01-01T00:00:00Z'), offset)).toBe('2026-11-20');
  expect(dayByNow('2026-11-20', read, new Date('2099-01-01T00:00:00Z'), offset)).toBe('2026-11-20');
});
