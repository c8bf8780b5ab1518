/**
 * Last month's pictures, fetched as soon as the month is known: where the report is written there is often no network, and the guide
 * for the same view is wanted there. The worker keeps what is fetched; this only asks for it in good time.
 */
import type { OwedSite } from '../../api/wire';

/** A view or two of each site, and no more than a bad line carries in a minute. */
const OF_EACH_SITE = 2;
const MOST = 60;

/** Which thumbnails a deputy will want to see who still has these sites to report on. */
export function guidesFor(items: readonly Pick<OwedSite, 'state' | 'previous'>[]): string[] {
  const open = items.filter(({ state }) => state === 'owed' || state === 'returned');
  const shown = open.flatMap(
    ({ previous }) => previous?.photos.filter((photo) => !photo.missing).slice(0, OF_EACH_SITE) ?? [],
  );
  return [...new Set(shown.map((photo) => photo.thumbnail_url))].slice(0, MOST);
}

const fetched = new Set<string>();

/** Fetches them one after the other while the network lasts; a phone that saves data is left alone, and so is one that keeps nothing. */
export async function fetchGuides(items: readonly Pick<OwedSite, 'state' | 'previous'>[]): Promise<void> {
  const line = (navigator as Navigator & { connection?: { saveData?: boolean } }).connection;
  if (line?.saveData || !navigator.serviceWorker?.controller) return;
  for (const address of guidesFor(items)) {
    if (fetched.has(address)) continue;
    fetched.add(address);
    try {
      await fetch(address, { priority: 'low' });
    } catch {
      fetched.delete(address);
      return;
    }
  }
}
