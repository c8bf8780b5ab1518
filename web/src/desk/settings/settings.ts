// Which settings there are, in the order of the page, with their limits; and what a form comes to. Pure.
import type { CountyFigures } from '../../api/wire';

export type SettingName = keyof CountyFigures;
export type Unit = 'days' | 'hours' | 'metres' | 'sites' | 'oclock' | 'persons' | 'rows' | 'rows' | 'words';

export interface Setting {
  name: SettingName;
  unit: Unit;
  least: number;
  most: number;
  /** Whether it may be left out altogether. */
  optional?: true;
}

export interface Group {
  id: 'months' | 'evidence' | 'ranking' | 'orders' | 'closing' | 'exports';
  settings: Setting[];
}

export const GROUPS: readonly Group[] = [
  {
    id: 'months',
    settings: [
      { name: 'grace_days', unit: 'days', least: 0, most: 25 },
      { name: 'offline_hours', unit: 'hours', least: 0, most: 240 },
      { name: 'month_reminder_days', unit: 'days', least: 0, most: 20, optional: true },
      { name: 'month_reminder_hour', unit: 'oclock', least: 0, most: 23 },
      { name: 'offer_reminder_days', unit: 'days', least: 0, most: 20, optional: true },
      { name: 'offer_reminder_hour', unit: 'oclock', least: 0, most: 23 },
    ],
  },
  {
    id: 'evidence',
    settings: [
      { name: 'stale_days', unit: 'days', least: 7, most: 366 },
      { name: 'off_site_m', unit: 'metres', least: 10, most: 100_000 },
    ],
  },
  { id: 'ranking', settings: [{ name: 'minimum_ranked', unit: 'sites', least: 1, most: 1000 }] },
  {
    id: 'orders',
    settings: [
      { name: 'order_prefix', unit: 'words', least: 0, most: 20 },
      { name: 'order_rise_hour', unit: 'oclock', least: 0, most: 23 },
      { name: 'order_reminder_days', unit: 'days', least: 0, most: 60, optional: true },
      { name: 'key_supervision_days', unit: 'days', least: 1, most: 365, optional: true },
      { name: 'special_inquiry_days', unit: 'days', least: 1, most: 365, optional: true },
    ],
  },
  { id: 'closing', settings: [{ name: 'strike_off_persons', unit: 'persons', least: 1, most: 2 }] },
  {
    id: 'exports',
    settings: [
      { name: 'personal_export_rows', unit: 'rows', least: 1, most: 1_000_000 },
      { name: 'personal_export_hours', unit: 'hours', least: 1, most: 720 },
    ],
  },
];

/** The settings of which `form` says something else than `known`. */
export function changedNames(known: CountyFigures, form: CountyFigures): SettingName[] {
  return GROUPS.flatMap((group) => group.settings)
    .map((setting) => setting.name)
    .filter((name) => known[name] !== form[name]);
}

/** Whether every number of the form is one, and within its limits. */
export function isWithinLimits(form: CountyFigures): boolean {
  return GROUPS.flatMap((group) => group.settings).every(({ name, unit, least, most, optional }) => {
    const value = form[name];
    if (unit === 'words') return String(value).length <= most;
    if (value === null) return optional === true;
    return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  });
}
