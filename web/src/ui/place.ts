/** Where the phone is, asked for quietly and never required; and how far that lies from the site. */
import type { NewReport, Position } from '../api/wire';

type Place = NonNullable<NewReport['position']>;

/** The phone's place (WGS-84), or why there is none. */
export type PlaceFound = { ok: true; place: Place } | { ok: false; why: 'denied' | 'unavailable' };

/** Asks the phone once; answers within fifteen seconds. */
export function findPlace(): Promise<PlaceFound> {
  if (!('geolocation' in navigator)) return Promise.resolve({ ok: false, why: 'unavailable' });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (!isInChina(coords.longitude, coords.latitude)) {
          resolve({ ok: false, why: 'unavailable' });
          return;
        }
        const place = { lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.round(coords.accuracy) };
        resolve({ ok: true, place });
      },
      (fault) => resolve({ ok: false, why: fault.code === fault.PERMISSION_DENIED ? 'denied' : 'unavailable' }),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

/** Metres along the sphere between two positions, rounded. */
export function distanceM(from: Position, to: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const lat = radians(to.lat - from.lat);
  const lon = radians(to.lon - from.lon);
  const chord =
    Math.sin(lat / 2) ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.sin(lon / 2) ** 2;
  return Math.round(2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(chord))));
}

/** A place far outside is a fault of the phone; sending it would only get the report refused. */
function isInChina(lon: number, lat: number): boolean {
  return lon >= 73 && lon <= 136 && lat >= 3 && lat <= 54;
}
