import { describe, expect, it } from 'vitest';
import type { CountyFigures } from '../../api/wire';
import { changedNames, GROUPS, isWithinLimits } from './settings';

const figures: CountyFigures = {
  grace_days: 5,
  offline_hours: 72,
  stale_days: 40,
  off_site_m: 500,
  minimum_ranked: 5,
  month_reminder_days: 3,
  month_reminder_hour: 9,
  offer_reminder_days: 3,
  offer_reminder_hour: 9,
  order_prefix: '',
  order_rise_hour: 8,
  order_reminder_days: 3,
  key_supervision_days: 7,
  special_inquiry_days: 15,
  strike_off_persons: 1,
  personal_export_rows: 1000,
  personal_export_hours: 24,
};

describe('the county’s settings', () => {
  it('shows every figure once', () => {
    const shown = GROUPS.flatMap((group) => group.settings.map((setting) => setting.name));
    expect([...shown].sort()).toEqual(Object.keys(figures).sort());
  });

  it('names what was changed and nothing else', () => {
    expect(changedNames(figures, { ...figures })).toEqual([]);
    expect(changedNames(figures, { ...figures, stale_days: 30, key_supervision_days: null })).toEqual([
      'stale_days',
      'key_supervision_days',
    ]);
  });

  it('takes no number beyond its limits and leaves out only what may be left out', () => {
    expect(isWithinLimits({ ...figures, order_reminder_days: null })).toBe(true);
    expect(isWithinLimits({ ...figures, grace_days: 26 })).toBe(false);
    expect(isWithinLimits({ ...figures, grace_days: 4.5 })).toBe(false);
    expect(isWithinLimits({ ...figures, grace_days: null as unknown as number })).toBe(false);
  });
});
