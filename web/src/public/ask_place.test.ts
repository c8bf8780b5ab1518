import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askPlace } from './ask_place';

beforeEach(() => vi.stubGlobal('isSecureContext', true));
afterEach(() => vi.unstubAllGlobals());

function device(answer: (found: PositionCallback, failed: PositionErrorCallback) => void): void {
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: answer } });
}

it('gives the place', async () => {
  device((found) => found({ coords: { longitude: 120.1, latitude: 30.5 } } as GeolocationPosition));
  expect(await askPlace()).toEqual({ lon: 120.1, lat: 30.5 });
});

it.each([
  [1, 'refused'],
  [2, 'unavailable'],
  [3, 'timeout'],
])('says why there is none (%d)', async (code, reason) => {
  device((_, failed) => failed({ code } as GeolocationPositionError));
  expect(await askPlace()).toBe(reason);
});

it('does not ask where browsers refuse to answer', async () => {
  vi.stubGlobal('isSecureContext', false);
  expect(await askPlace()).toBe('insecure');
});
