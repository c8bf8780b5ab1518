// How far it is between two places, and how that is said.
import type { Position } from '../api/wire';
import { locale } from '../i18n/locale.svelte';

const EARTH_RADIUS_M = 6_371_008;
const RADIANS = Math.PI / 180;

/** Metres along the ground between two positions. */
export function metresBetween(one: Position, other: Position): number {
  const rise = Math.sin(((other.lat - one.lat) * RADIANS) / 2) ** 2;
  const turn = Math.sin(((other.lon - one.lon) * RADIANS) / 2) ** 2;
  const chord = rise + Math.cos(one.lat * RADIANS) * Math.cos(other.lat * RADIANS) * turn;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(chord));
}

/** 340 → 340 米; 1260 → 1.3 公里; 46 200 → 46 公里. */
export function distanceWords(metres: number): string {
  const [short, long] = locale.current === 'en' ? [' m', ' km'] : [' 米', ' 公里'];
  if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)}${short}`;
  return `${metres < 9950 ? (metres / 1000).toFixed(1) : Math.round(metres / 1000)}${long}`;
}
