// A position as it is typed, and what of it is sent. Pure.
import type { Position } from '../../api/wire';

export const DATUMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const;

export interface WrittenPlace {
  lon: string;
  lat: string;
  datum: (typeof DATUMS)[number];
}

/** The position in the form's own words. */
export function writtenAt(position: Position): WrittenPlace {
  return { lon: String(position.lon), lat: String(position.lat), datum: 'wgs84' };
}

/** The numbers to send; null while they are none. */
export function numbersOf(written: WrittenPlace): { lon: number; lat: number; datum: WrittenPlace['datum'] } | null {
  const [lon, lat] = [written.lon, written.lat].map((text) => (text.trim() === '' ? Number.NaN : Number(text.trim())));
  if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return { lon, lat, datum: written.datum };
}

/** Metres between two places near each other. */
export function metresBetween(one: Position, other: Position): number {
  const metres = 111_320;
  const north = (one.lat - other.lat) * metres;
  const east = (one.lon - other.lon) * metres * Math.cos((one.lat * Math.PI) / 180);
  return Math.round(Math.hypot(north, east));
}
