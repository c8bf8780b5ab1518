/**
 * The page's side of the service worker: begins it where there is one, and tells it once what was loaded before it was there.
 * A browser that has none, or refuses it (private windows, some apps' own browsers), shows the same pages without.
 */

import type { FaceName } from './faces';
import { seenTiles } from './seen_tiles';

/** Requests that were under way when the worker took over are told a little later. */
const ONCE_MORE_MS = 15_000;

export async function keepForOffline(face: FaceName = 'public'): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const wasThere = navigator.serviceWorker.controller !== null;
  try {
    await navigator.serviceWorker.register('/service-worker.js', { scope: '/', updateViaCache: 'none' });
    const { active } = await navigator.serviceWorker.ready;
    if (face !== 'public') active?.postMessage({ face });
    if (wasThere || active === null) return;
    tellSeen(active);
    setTimeout(() => tellSeen(active), ONCE_MORE_MS);
  } catch {
    // Without the worker everything works but the time without network.
  }
}

function tellSeen(worker: ServiceWorker): void {
  const seen = performance.getEntriesByType('resource').map(({ name }) => name);
  worker.postMessage({ seen: [...new Set([...seen, ...seenTiles])] });
}
