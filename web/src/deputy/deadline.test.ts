import { describe, expect, it } from 'vitest';
import { daysLeft, lastDayOf, urgency } from './deadline';

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
