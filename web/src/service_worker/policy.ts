/**
 * What the worker may touch and what it may keep: pure rules.
 * Two nets hold back whatever is not for everybody: only the addresses named here are looked at, so that no signed-in call ever passes
 * through the worker, and of those only answers that the server itself calls `public` are kept.
 */
import { faceOf } from './faces';

/** How a request is answered. Whatever has no kind goes to the network as if there were no worker. */
export type Kind = 'page' | 'asset' | 'map' | 'story' | 'tile' | 'thumbnail';

const MAP_ANSWERS = new Set(
  ['county', 'map/sites', 'sites', 'stations', 'projects', 'regions', 'summary', 'progress', 'glossary'].map(
    (name) => `/api/${name}`,
  ),
);
/** A past month's map: one that is final never changes. */
const PAST = /^\/api\/map\/months(?:\/\d{4}-\d\d)?$/;
const STORY = /^\/api\/sites\/\d+(?:\/(?:story|reports|history))?$/;
const TILE = /^\/tiles\/[^/]+(?:\/\d+){3}$/;
const THUMBNAIL = /^\/(?:photos\/[0-9a-f]{64}\/thumbnail|portraits\/[0-9a-f]{64})$/;
const FIXED = /^\/(?:icon|apple-touch-icon)[^/]*\.(?:svg|png)$|^\/(?:deputy-)?manifest\.webmanifest$/;

/** As much of a request as the rules look at. */
export interface Asked {
  method: string;
  mode: string;
  url: string;
}

/** How the request is answered; null when it is none of the worker's business. */
export function kindOf({ method, mode, url }: Asked, origin: string): Kind | null {
  const address = new URL(url);
  if (method !== 'GET' || address.origin !== origin) return null;
  const path = address.pathname;
  if (mode === 'navigate') return faceOf(path) ? 'page' : null;
  if (path.startsWith('/assets/') || path.startsWith('/style/') || FIXED.test(path)) return 'asset';
  if (MAP_ANSWERS.has(path) || PAST.test(path)) return 'map';
  if (STORY.test(path)) return 'story';
  if (TILE.test(path)) return 'tile';
  return THUMBNAIL.test(path) ? 'thumbnail' : null;
}

/** Whether an answer may be kept: whole, from here, not led elsewhere, and the same for every reader. */
export function mayKeep(answer: Pick<Response, 'status' | 'type' | 'redirected' | 'headers'>): boolean {
  const keeping = (answer.headers.get('cache-control') ?? '').split(',').map((word) => word.trim());
  const forEverybody = keeping.includes('public') && !keeping.includes('no-store') && !keeping.includes('private');
  const byCookie = /cookie|\*/i.test(answer.headers.get('vary') ?? '');
  return answer.status === 200 && answer.type === 'basic' && !answer.redirected && forEverybody && !byCookie;
}

/** Answers that say nothing of the thing asked for, but that the server cannot be reached. */
export function isUnreachable(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
