// Asks the device for its place, and says in one word why there is none.
import type { Position } from '../api/wire';
import type { NearNotice } from './near.svelte';

const PATIENCE_MS = 20_000;
const FRESH_MS = 60_000;

/** The place, or why it cannot be had. */
export function askPlace(): Promise<Position | NearNotice> {
  if (!isSecureContext) return Promise.resolve('insecure');
  if (!('geolocation' in navigator)) return Promise.resolve('unavailable');
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude }),
      (fault) => resolve(fault.code === 1 ? 'refused' : fault.code === 3 ? 'timeout' : 'unavailable'),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    );
  });
}
