/** What presses on the sites of a theme: how many of each, in the order in which they press. Pure. */
import type { Pressure, ThemeSite } from '../api/wire';

export const PRESSURES: readonly Pressure[] = [
  'overdue_red',
  'overdue_yellow',
  'silent',
  'without_adopter',
  'calm',
  'struck_off',
];

export interface PressureCount {
  pressure: Pressure;
  count: number;
}

/** Those that occur, most pressing first. */
export function counted(sites: readonly ThemeSite[]): PressureCount[] {
  const count = (pressure: Pressure) => sites.filter((site) => site.pressure === pressure).length;
  return PRESSURES.map((pressure) => ({ pressure, count: count(pressure) })).filter(({ count: some }) => some > 0);
}

/** The mark that a pressure wears beside its words. */
export function markOf(pressure: Pressure): 'overdue' | 'doubt' | 'plain' | 'good' {
  if (pressure === 'overdue_red' || pressure === 'overdue_yellow') return 'overdue';
  if (pressure === 'silent' || pressure === 'without_adopter') return 'doubt';
  return pressure === 'struck_off' ? 'good' : 'plain';
}
