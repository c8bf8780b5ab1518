// The reader's own place: asked for only on a tap, kept on this page alone, never sent anywhere.
import type { Position, SiteView } from '../api/wire';
import { metresBetween } from './distance';

/** Why the place is not known, or that it lies outside. */
export type NearNotice = 'refused' | 'unavailable' | 'timeout' | 'insecure' | 'outside';

let position = $state.raw<Position | null>(null);
let asking = $state(false);
let notice = $state<NearNotice | null>(null);

export const near = {
  get position(): Position | null {
    return position;
  },
  get asking(): boolean {
    return asking;
  },
  get notice(): NearNotice | null {
    return notice;
  },
  /** Asks the device where it is. `isInside` tells whether a place lies in the county. */
  async find(isInside: (at: Position) => Promise<boolean>): Promise<void> {
    if (asking) return;
    asking = true;
    notice = null;
    try {
      const { askPlace } = await import('./ask_place');
      const answer = await askPlace();
      if (typeof answer === 'string') {
        notice = answer;
        return;
      }
      // Where the townships' places cannot be read, nothing is said about inside and outside.
      const inside = await isInside(answer).catch(() => true);
      position = answer;
      if (!inside) notice = 'outside';
    } finally {
      asking = false;
    }
  },
  forget(): void {
    position = null;
    notice = null;
  },
  dismiss(): void {
    notice = null;
  },
};

/** The nearest first. */
export function byDistance(from: Position): (one: SiteView, other: SiteView) => number {
  return (one, other) => metresBetween(from, one.position) - metresBetween(from, other.position);
}
