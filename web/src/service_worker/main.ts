/**
 * The service worker: keeps the public map and the deputies' app for the time without network. What it may touch is in policy.ts, how it answers in answers.ts.
 * A new version waits until no page of the old one is open, so that no open page loses its files; it never reloads anything.
 */
import { answer } from './answers';
import { FACES, type FaceName } from './faces';
import { kindOf, mayKeep } from './policy';
import { Rooms } from './rooms';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: a name for this set of files, the files that every reader needs, and those of the drawn map. */
declare const __VERSION__: string;
declare const __FILES__: readonly string[];
declare const __MAP_FILES__: readonly string[];
/** Those of the deputies' app, which only deputies need. */
declare const __DEPUTY_FILES__: readonly string[];

const MOST_SEEN = 600;

const rooms = new Rooms(__VERSION__);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(rooms.tidy().then(() => self.clients.claim())));
self.addEventListener('message', (event) => {
  if (isSeen(event.data)) event.waitUntil(keepSeen(event.data.seen));
  if (event.data?.face === 'deputy') event.waitUntil(keepDeputyFace());
});
self.addEventListener('fetch', (event) => {
  const kind = kindOf(event.request, self.location.origin);
  if (kind) event.respondWith(answer(kind, event.request, rooms, (work) => event.waitUntil(work)));
});

const shellOf = (name: FaceName) =>
  FACES.filter((face) => face.name === name).map((face) => new Request(face.shell, { cache: 'no-cache' }));

/**
 * All or nothing: a version that lacks a file does not begin. Who has had the map drawn, or opened the deputies' app, gets the new
 * version's files for it as well.
 */
async function install(): Promise<void> {
  const shell = await rooms.shell();
  await shell.addAll([...shellOf('public'), ...__FILES__]);
  if (await rooms.earlierHeld(/^\/deputy$/)) await keepDeputyFace();
  if (await rooms.earlierHeld(/\/county_map-[^/]+\.js$/)) await shell.addAll([...__MAP_FILES__]);
}

/** The page first comes last: with it there is everything that it asks for. */
async function keepDeputyFace(): Promise<void> {
  const shell = await rooms.shell();
  const files: string[] = [];
  for (const file of __DEPUTY_FILES__) if (!(await shell.match(file, { ignoreVary: true }))) files.push(file);
  await shell.addAll(files);
  if (!(await shell.match('/deputy', { ignoreVary: true }))) await shell.addAll(shellOf('deputy'));
}

interface Seen {
  seen: string[];
}

function isSeen(message: unknown): message is Seen {
  const seen = (message as Partial<Seen> | null)?.seen;
  return Array.isArray(seen) && seen.every((address) => typeof address === 'string');
}

/** What the page loaded before the worker was there; the browser's own cache still has nearly all of it. */
async function keepSeen(addresses: readonly string[]): Promise<void> {
  for (const url of addresses.slice(0, MOST_SEEN)) {
    const kind = kindOf({ method: 'GET', mode: 'cors', url }, self.location.origin);
    if (kind === null || kind === 'page' || (await rooms.find(kind, url))) continue;
    try {
      const response = await fetch(url);
      if (mayKeep(response)) await rooms.keep(kind, url, response);
    } catch {
      // The network went away meanwhile: what was kept so far is kept.
      return;
    }
  }
}
