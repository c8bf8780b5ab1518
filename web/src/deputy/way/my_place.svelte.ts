// Where the deputy is, for ordering sites: asked for by a tap, kept on this page alone, sent nowhere.
import type { Position } from '../../api/wire';
import { findPlace } from '../../ui/place';

let position = $state.raw<Position | null>(null);
let asking = $state(false);
let fault = $state<'denied' | 'unavailable' | null>(null);

export const myPlace = {
  get position(): Position | null {
    return position;
  },
  get asking(): boolean {
    return asking;
  },
  get fault(): 'denied' | 'unavailable' | null {
    return fault;
  },
  async find(): Promise<boolean> {
    asking = true;
    fault = null;
    const found = await findPlace();
    asking = false;
    if (found.ok) position = { lon: found.place.lon, lat: found.place.lat };
    else fault = found.why;
    return found.ok;
  },
};
