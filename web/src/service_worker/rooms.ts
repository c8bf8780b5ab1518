/**
 * Where kept answers lie, how many of each there may be, and what goes first when there are more.
 * A room's name carries its format; rooms of other names that begin alike are left over from earlier versions and are deleted.
 */
import type { Kind } from './policy';

const PREFIX = 'minsheng-';

/** Everything kept besides the files of one version of the app. */
const ROOMS: Record<Exclude<Kind, 'page' | 'asset'>, { name: string; most: number }> = {
  map: { name: `${PREFIX}map-1`, most: 80 },
  story: { name: `${PREFIX}stories-1`, most: 300 },
  tile: { name: `${PREFIX}tiles-1`, most: 500 },
  thumbnail: { name: `${PREFIX}thumbnails-1`, most: 200 },
};

const ANY_READER: CacheQueryOptions = { ignoreVary: true };

/** The rooms of one version of the app. */
export class Rooms {
  readonly #shell: string;

  constructor(version: string) {
    this.#shell = `${PREFIX}shell-${version}`;
  }

  shell(): Promise<Cache> {
    return caches.open(this.#shell);
  }

  async find(kind: Exclude<Kind, 'page'>, request: Request | string): Promise<Response | undefined> {
    const room = await this.#open(kind);
    return room.match(request, ANY_READER);
  }

  /** Keeps an answer. A device without room gives up its pictures first; if that does not help, the answer is not kept. */
  async keep(kind: Exclude<Kind, 'page'>, request: Request | string, answer: Response): Promise<void> {
    try {
      await this.#put(kind, request, answer.clone());
    } catch {
      await caches.delete(ROOMS.thumbnail.name);
      await this.#put(kind, request, answer).catch(() => undefined);
    }
  }

  /** Deletes what earlier versions left behind. */
  async tidy(): Promise<void> {
    const present = new Set([this.#shell, ...Object.values(ROOMS).map((room) => room.name)]);
    const left = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !present.has(name));
    await Promise.all(left.map((name) => caches.delete(name)));
  }

  /** Whether an earlier version kept files beyond those that every version keeps. */
  async earlierHeld(name: RegExp): Promise<boolean> {
    for (const room of await caches.keys()) {
      if (!room.startsWith(`${PREFIX}shell-`) || room === this.#shell) continue;
      const files = await (await caches.open(room)).keys();
      if (files.some((file) => name.test(new URL(file.url).pathname))) return true;
    }
    return false;
  }

  #open(kind: Exclude<Kind, 'page'>): Promise<Cache> {
    return kind === 'asset' ? this.shell() : caches.open(ROOMS[kind].name);
  }

  async #put(kind: Exclude<Kind, 'page'>, request: Request | string, answer: Response): Promise<void> {
    const room = await this.#open(kind);
    // Put again, an address counts as new: what is still in use is not the oldest.
    await room.delete(request, ANY_READER);
    await room.put(request, answer);
    if (kind === 'asset') return;
    const kept = await room.keys();
    await Promise.all(kept.slice(0, Math.max(0, kept.length - ROOMS[kind].most)).map((oldest) => room.delete(oldest)));
  }
}
