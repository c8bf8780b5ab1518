import { beforeEach, expect, it, vi } from 'vitest';
import { answer, COPY_FROM } from './answers';
import type { Kind } from './policy';
import { Rooms } from './rooms';

const ORIGIN = 'http://localhost:3000';
const PUBLIC = { 'cache-control': 'public, no-cache', date: 'Sun, 22 Nov 2026 06:05:00 GMT' };

const addressOf = (request: Request | string) =>
  new URL(typeof request === 'string' ? request : request.url, ORIGIN).href;

/** As much of the browser's cache as the worker uses. */
class FakeCache {
  readonly kept = new Map<string, Response>();
  async match(request: Request | string) {
    return this.kept.get(addressOf(request))?.clone();
  }
  async put(request: Request | string, response: Response) {
    if (full) throw new DOMException('full', 'QuotaExceededError');
    this.kept.set(addressOf(request), response);
  }
  async delete(request: Request | string) {
    return this.kept.delete(addressOf(request));
  }
  async keys() {
    return [...this.kept.keys()].map((url) => ({ url }) as Request);
  }
}

let stores: Map<string, FakeCache>;
let full: boolean;
let later: Promise<unknown>[];
let rooms: Rooms;

beforeEach(() => {
  stores = new Map();
  full = false;
  later = [];
  rooms = new Rooms('1');
  vi.stubGlobal('caches', {
    open: async (name: string) => stores.get(name) ?? stores.set(name, new FakeCache()).get(name),
    keys: async () => [...stores.keys()],
    delete: async (name: string) => {
      full = false;
      return stores.delete(name);
    },
  });
});

function network(reply: (path: string) => Response | Promise<Response>) {
  vi.stubGlobal('fetch', async (request: Request) => {
    const response = await reply(new URL(request.url).pathname);
    Object.defineProperty(response, 'type', { value: 'basic' });
    return response;
  });
}

const lost = () => Promise.reject(new TypeError('no network'));

async function ask(kind: Kind, path: string): Promise<Response> {
  const response = await answer(kind, new Request(new URL(path, ORIGIN)), rooms, (work) => later.push(work));
  await Promise.all(later);
  return response;
}

it('asks the server first, and shows the copy marked with its date when there is no network', async () => {
  network(() => new Response('one', { headers: PUBLIC }));
  expect((await ask('map', '/api/county')).headers.get(COPY_FROM)).toBeNull();
  network(() => new Response('two', { headers: PUBLIC }));
  expect(await (await ask('map', '/api/county')).text()).toBe('two');
  network(lost);
  const copy = await ask('map', '/api/county');
  expect([await copy.text(), copy.headers.get(COPY_FROM)]).toEqual(['two', PUBLIC.date]);
});

it('shows the copy when only the gateway answers, and fails when there is none', async () => {
  network(() => new Response('one', { headers: PUBLIC }));
  await ask('story', '/api/sites/1');
  network(() => new Response('away', { status: 502 }));
  expect(await (await ask('story', '/api/sites/1')).text()).toBe('one');
  expect((await ask('story', '/api/sites/2')).status).toBe(502);
  network(lost);
  await expect(ask('story', '/api/sites/2')).rejects.toThrow('no network');
});

it('shows the copy when the network takes too long, and keeps what comes then', async () => {
  vi.useFakeTimers();
  network(() => new Response('one', { headers: PUBLIC }));
  await ask('map', '/api/sites');
  let arrive = (_: Response) => {};
  network(() => new Promise((resolve) => (arrive = resolve)));
  const asked = answer('map', new Request(`${ORIGIN}/api/sites`), rooms, (work) => later.push(work));
  await vi.advanceTimersByTimeAsync(6000);
  expect(await (await asked).text()).toBe('one');
  arrive(new Response('two', { headers: PUBLIC }));
  await vi.waitFor(async () => expect(await (await rooms.find('map', `${ORIGIN}/api/sites`))?.text()).toBe('two'));
  vi.useRealTimers();
});

it('keeps nothing that the server does not call public', async () => {
  network(() => new Response('mine', { headers: { 'cache-control': 'no-store' } }));
  await ask('map', '/api/county');
  network(lost);
  await expect(ask('map', '/api/county')).rejects.toThrow();
});

it('takes files and pictures from what it has, without asking', async () => {
  const asked = vi.fn(() => new Response('file', { headers: PUBLIC }));
  network(asked);
  await ask('thumbnail', '/photos/a/thumbnail');
  await ask('thumbnail', '/photos/a/thumbnail');
  expect(asked).toHaveBeenCalledTimes(1);
});

it('opens any page of the face without network', async () => {
  await (await rooms.shell()).put('/shell', new Response('the face'));
  network(lost);
  expect(await (await ask('page', '/sites/2026-01-001')).text()).toBe('the face');
  network(() => new Response('from the server'));
  expect(await (await ask('page', '/')).text()).toBe('from the server');
});

it('opens the deputies’ app as it was kept, without waiting for the network', async () => {
  await (await rooms.shell()).put('/deputy', new Response('the app'));
  network(() => new Promise(() => {}));
  expect(await (await ask('page', '/deputy')).text()).toBe('the app');
});

it('has room for so many pictures and lets the oldest go', async () => {
  network(() => new Response('picture', { headers: PUBLIC }));
  for (let number = 0; number < 205; number += 1) await ask('thumbnail', `/photos/${number}/thumbnail`);
  const kept = [...(stores.get('minsheng-thumbnails-1')?.kept.keys() ?? [])];
  expect([kept.length, kept[0]]).toEqual([200, `${ORIGIN}/photos/5/thumbnail`]);
});

it('gives up its pictures when the device is full, and goes on', async () => {
  network(() => new Response('answer', { headers: PUBLIC }));
  await ask('thumbnail', '/photos/a/thumbnail');
  full = true;
  expect((await ask('map', '/api/county')).status).toBe(200);
  expect(stores.has('minsheng-thumbnails-1')).toBe(false);
  expect(await rooms.find('map', `${ORIGIN}/api/county`)).toBeDefined();
});

it('deletes what earlier versions left, and nothing of anybody else', async () => {
  for (const name of ['minsheng-shell-0', 'minsheng-shell-1', 'minsheng-map-0', 'minsheng-map-1', 'other'])
    await caches.open(name);
  await rooms.tidy();
  expect([...stores.keys()].sort()).toEqual(['minsheng-map-1', 'minsheng-shell-1', 'other']);
});

it('knows whether the version before had the map drawn', async () => {
  expect(await rooms.earlierHeld(/county_map/)).toBe(false);
  await new Rooms('0').shell().then((shell) => shell.put('/assets/county_map-x.js', new Response('')));
  expect(await rooms.earlierHeld(/\/county_map-[^/]+\.js$/)).toBe(true);
  expect(await new Rooms('0').earlierHeld(/county_map/)).toBe(false);
});
