// The public face without network, as an installed app, and on coming again: what was seen stays readable and says from when it is,
// nothing of anybody's own is kept, and what has not changed is not sent again.
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  signIn,
  test,
} from './journey';

const MAP_MS = 50_000;
/** What coming again may cost, the page itself and the answers' "not changed" together. */
const REVISIT_BYTES = 12_000;

const rows = (page: Page) => page.locator('ul.sites > li');

async function mapIsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, null, { timeout: MAP_MS });
}

/** Every address kept on this device, by room. */
function kept(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(async () => {
    const rooms: Record<string, string[]> = {};
    for (const name of await caches.keys()) {
      const addresses = await (await caches.open(name)).keys();
      rooms[name] = addresses.map(({ url }) => new URL(url).pathname);
    }
    return rooms;
  });
}

async function workerIsThere(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, {
    timeout: 40_000,
  });
}

/** The page has told the worker what was loaded before it was there, and the worker has kept it. */
async function mapIsKept(page: Page): Promise<void> {
  await workerIsThere(page);
  await expect
    .poll(
      async () => {
        const rooms = await kept(page);
        const files = Object.entries(rooms).filter(([name]) => name.startsWith('minsheng-shell-'));
        const hasMap = files.some(([, all]) => all.some((path) => path.includes('county_map-')));
        return (
          hasMap &&
          (rooms['minsheng-map-1'] ?? []).includes('/api/map/sites') &&
          (rooms['minsheng-tiles-1'] ?? []).length > 0
        );
      },
      { timeout: 60_000 },
    )
    .toBe(true);
}

test.describe('on a phone', () => {
  test.use({ ...PHONE, serviceWorkers: 'allow' });

  test('the public face can be installed', async ({ page, baseURL }) => {
    await page.goto('/');
    await expect(page.locator('link[rel=manifest]')).toHaveAttribute('href', '/manifest.webmanifest');
    const answer = await page.request.get('/manifest.webmanifest');
    const manifest = (await answer.json()) as {
      name: string;
      start_url: string;
      icons: { src: string; sizes: string; type: string }[];
    };
    expect(manifest.name).toContain('民生实事项目监督地图');
    for (const { src, sizes, type } of manifest.icons) {
      const icon = await page.request.get(src);
      expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
      const bytes = await icon.body();
      if (type === 'image/png') expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
    }
    expect((await page.request.get('/apple-touch-icon.png')).ok()).toBe(true);
    const worker = await page.request.get('/service-worker.js');
    expect([worker.headers()['cache-control'], worker.headers()['content-type']]).toEqual([
      'no-cache',
      'text/javascript; charset=utf-8',
    ]);
    await workerIsThere(page);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(`${baseURL}/`);
  });

  test('without network the last seen map is read, marked with its date, until the network is back', async ({
    page,
    context,
  }) => {
    test.setTimeout(240_000);
    const live = page.locator('.status', { hasText: '实时更新' });
    await page.goto('/');
    await expect(live).toBeVisible({ timeout: 40_000 });
    await mapIsDrawn(page);
    await page.getByRole('tab', { name: '列表' }).click();
    const first = (await rows(page).first().locator('h3, strong, .name').first().textContent()) ?? '';
    await rows(page).first().getByRole('button').click();
    await expect(page.getByRole('heading', { name: '逐月经过' })).toBeVisible();
    await page.goBack();
    await mapIsKept(page);

    await context.setOffline(true);
    const offline = page.getByRole('status').filter({ hasText: /离线：显示 \d+月\d+日 \d\d:\d\d 的地图/ });
    await expect(offline, 'the open page says so at once').toBeVisible();
    await page.goto('/');
    await expect(offline, 'a page opened without network as well').toBeVisible();
    await mapIsDrawn(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.screenshot({ path: test.info().outputPath('offline-map.png') });
    await keepPicture(page, 'offline-phone');
    await page.goto('/list');
    await expect(rows(page).first()).toContainText(first.trim());
    await rows(page).first().getByRole('button').click();
    await expect(page.getByRole('heading', { name: '逐月经过' }), 'a story that was read stays readable').toBeVisible();

    await context.setOffline(false);
    await expect(live).toBeVisible({ timeout: 40_000 });
    await expect(offline).toBeHidden();
  });

  test('nothing of anybody’s own is kept, and nothing of what earlier versions left', async ({ page }) => {
    await page.goto('/icon.svg');
    await page.evaluate(async () => {
      await (await caches.open('minsheng-shell-before')).put('/assets/before.js', new Response(''));
      await (await caches.open('somebody-else')).put('/theirs', new Response(''));
    });
    await page.goto('/');
    await workerIsThere(page);
    await signIn(page, 'deputy');
    for (const path of [
      '/api/session',
      '/api/me/sites',
      '/api/me/notices',
      '/api/reporting-months',
      '/api/county',
      '/api/sites?limit=1000',
    ])
      expect(await page.evaluate(async (address) => (await fetch(address)).status, path), path).toBe(200);
    await page.goto('/deputy');
    await expect(page.getByRole('heading', { name: /月督查反馈/ })).toBeVisible();
    const rooms = await kept(page);
    expect(Object.keys(rooms)).not.toContain('minsheng-shell-before');
    expect(Object.keys(rooms)).toContain('somebody-else');
    const own = /^\/(?:api\/(?:session|me|review|reporting-months|accounts)|desk)/;
    expect(
      Object.values(rooms)
        .flat()
        .filter((path) => own.test(path)),
    ).toEqual([]);
    expect(rooms['minsheng-map-1']).toContain('/api/county');
  });
});

/** The server with another version of the worker: what its visitors get on the day of an update. */
async function updated(origin: string): Promise<{ address: string; server: Server; update: () => void }> {
  const { hostname, port, host } = new URL(origin);
  let script = '';
  const server = createServer((asked, answer) => {
    const headers: typeof asked.headers = { ...asked.headers, host, 'accept-encoding': 'identity' };
    if (script !== '') delete headers['if-none-match'];
    const passed = forward({ hostname, port, path: asked.url, method: asked.method, headers }, (given) => {
      const isWorker = asked.url === '/service-worker.js' && script !== '';
      const { 'content-length': _, etag: __, ...rest } = given.headers;
      answer.writeHead(given.statusCode ?? 502, isWorker ? rest : given.headers);
      if (!isWorker) return given.pipe(answer);
      let text = '';
      given.setEncoding('utf8').on('data', (part: string) => (text += part));
      given.on('end', () => answer.end(text.replace(/minsheng-shell-|shell-/, `$&${script}`)));
    });
    asked.pipe(passed);
    passed.on('error', () => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, server, update: () => (script = 'next-') };
}

test.describe('a new version', () => {
  test.use({ ...DESKTOP, serviceWorkers: 'allow' });

  test('waits until no page of the old one is open, and takes over without a reload', async ({ browser, baseURL }) => {
    test.setTimeout(200_000);
    const { address, server, update } = await updated(baseURL ?? '');
    const context = await browser.newContext({ serviceWorkers: 'allow' });
    try {
      const page = await context.newPage();
      await page.goto(`${address}/list`);
      await expect(rows(page).first()).toBeVisible();
      await workerIsThere(page);
      await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
      update();
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      const isWaiting = () => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
      await expect.poll(isWaiting, { timeout: 40_000 }).toBe(true);
      expect(await page.evaluate(() => 'sameDocument' in globalThis), 'the open page is not reloaded').toBe(true);
      const before = Object.keys(await kept(page)).filter((name) => name.startsWith('minsheng-shell-'));
      expect(before, 'the open page keeps its files').toHaveLength(2);
      await page.close();
      // A page that opens before the browser has put the old worker aside belongs to the old one once more: visits, then, until it has.
      const visit = async () => {
        const next = await context.newPage();
        await next.goto(`${address}/icon.svg`);
        const files = Object.keys(await kept(next)).filter((name) => name.startsWith('minsheng-shell-'));
        await next.close();
        return files;
      };
      await expect
        .poll(visit, { intervals: [1000, 3000], timeout: 60_000 })
        .toEqual([expect.stringContaining('next-')]);
    } finally {
      await context.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

interface Carried {
  url: string;
  bytes: number;
  /** The browser had it, or was told that what it has still holds. */
  unchanged: boolean;
}

/** What a page carries over the line from now on, as the browser itself counts it: ask for the sum when the page is there. */
async function count(page: Page): Promise<() => Carried[]> {
  const line = await page.context().newCDPSession(page);
  await line.send('Network.enable');
  const asked: [string, string][] = [];
  const bytes = new Map<string, number>();
  const unchanged = new Set<string>();
  line.on('Network.requestWillBeSent', ({ requestId, request }) =>
    asked.push([requestId, new URL(request.url).pathname]),
  );
  line.on('Network.requestServedFromCache', ({ requestId }) => unchanged.add(requestId));
  line.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache) unchanged.add(requestId);
  });
  line.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    if (statusCode === 304) unchanged.add(requestId);
  });
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => bytes.set(requestId, encodedDataLength));
  return () => asked.map(([id, url]) => ({ url, bytes: bytes.get(id) ?? 0, unchanged: unchanged.has(id) }));
}

test.describe('on the line', () => {
  test.use({ ...PHONE, serviceWorkers: 'block' });

  test('coming again costs next to nothing: what has not changed is not sent', async ({ page }) => {
    await page.goto('/list');
    await expect(rows(page).first()).toBeVisible();
    await page.waitForFunction(() => performance.getEntriesByName('sites-read').length > 0);
    const again = await page.context().newPage();
    const carried = await count(again);
    await again.goto('/list');
    await expect(rows(again).first()).toBeVisible();
    await again.waitForFunction(() => performance.getEntriesByName('sites-read').length > 0);
    const second = carried();
    const total = second.reduce((sum, { bytes }) => sum + bytes, 0);
    test.info().annotations.push({ type: 'bytes of a revisit', description: `${total}` });
    const paid = second.filter(({ url, unchanged }) => !unchanged && url !== '/api/events' && url !== '/api/county');
    expect(
      paid.map(({ url }) => url),
      'sent whole though nothing has changed',
    ).toEqual([]);
    expect(total, `${second.map(({ url, bytes }) => `${bytes} ${url}`).join('\n')}`).toBeLessThanOrEqual(REVISIT_BYTES);
  });
});
