// The way to the sites: nearest first, on a map, in a round of visits, and out into the map apps, each in the datum that it takes for its own.
import {
  monthIsShown,
  openAs,
  openSites,
  owedSites,
  receiptIsShown,
  reportsSaying,
  signInByForm,
  submit,
  write,
} from './deputy_app';
import { firstSite, onceAndWhole, PHONE_HERE, serverAddress, test } from './deputy_line';
import { expect, expectAccessible, expectNoSidewaysScroll, keepPicture, type Page } from './journey';
import { Other, reassign } from './somebody_else';

test.use(PHONE_HERE);

interface Place {
  lon: number;
  lat: number;
}
interface Sited {
  id: number;
  name: string;
  position: Place;
}

const EARTH_M = 6_371_008.8;

/** The bird's way, by the haversine formula. */
function metres(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [north, east] = [radians(other.lat - one.lat), radians(other.lon - one.lon)];
  const half =
    Math.sin(north / 2) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half));
}

/** The sites still to be reported on, in the order of the list by planned finish. */
async function waiting(page: Page): Promise<Sited[]> {
  const { items } = (await owedSites(page)) as unknown as { items: { state: string; site: Sited }[] };
  return items.filter(({ state }) => state === 'owed' || state === 'returned').map(({ site }) => site);
}

const shownNames = (page: Page, group: RegExp) =>
  page.getByRole('region', { name: group }).getByRole('article').locator('a.name strong').allTextContents();

/** Every order of the sites. */
function orders(items: readonly Sited[]): Sited[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, place) =>
    orders(items.filter((_, other) => other !== place)).map((rest) => [first, ...rest]),
  );
}

function way(start: Place, stops: readonly Sited[]): number {
  return stops.reduce((sum, stop, place) => sum + metres(stops[place - 1]?.position ?? start, stop.position), 0);
}

/** The two numbers after `before` in an address. */
function pairIn(address: string, before: string): [number, number] {
  const found = new RegExp(`${before}(-?[\\d.]+),(-?[\\d.]+)`).exec(address);
  return [Number(found?.[1]), Number(found?.[2])];
}

test('sites stand nearest first, on a map, and in a round of visits', async ({ page, context, browser, line }) => {
  await openAs(page, line.address, 'deputy2');
  // Some more sites, so that there is something to put in order whatever was reported before.
  const [desk, self] = [await Other.as('committee', browser), await Other.as('deputy2', browser)];
  const own = await self.deputyId();
  const theirs = await openSites(page);
  const { items } = await desk.get<{ items: { id: number }[] }>('/api/sites?stage=in_progress&limit=60');
  const given = items.map(({ id }) => id).filter((id) => !theirs.includes(id));
  for (const id of given.slice(0, 3)) await reassign(desk, id, null, own);
  await page.reload();
  await monthIsShown(page);
  const sites = await waiting(page);
  expect(sites.length, 'several sites to put in order').toBeGreaterThan(1);
  for (const near of [sites.at(-1), sites[0]]) {
    if (!near) continue;
    const here = { lon: near.position.lon + 0.002, lat: near.position.lat - 0.001 };
    await context.setGeolocation({ longitude: here.lon, latitude: here.lat, accuracy: 10 });
    await page.reload();
    await monthIsShown(page);
    await page.getByRole('button', { name: '由近到远' }).click();
    const byDistance = [...sites].sort((one, other) => metres(here, one.position) - metres(here, other.position));
    await expect.poll(() => shownNames(page, /^待反馈/)).toEqual(byDistance.map(({ name }) => name));
    await expect(page.getByRole('article').first()).toContainText(/约 \d+ 米/);
  }
  await expectAccessible(page);
  await keepPicture(page, 'deputy-nearest');

  await page.getByRole('button', { name: '地图', exact: true }).click();
  await expect(page.locator('canvas')).toBeVisible();
  await expect(page.getByText('点一下图钉，打开点位')).toBeVisible({ timeout: 30_000 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, 'deputy-map');

  await page.getByRole('link', { name: '安排走访路线' }).click();
  const first = sites[0] as Sited;
  const here = { lon: first.position.lon + 0.002, lat: first.position.lat - 0.001 };
  const stations = page.getByRole('listitem').locator('a.name');
  await expect(stations, 'each site once').toHaveCount(sites.length);
  const names = await stations.allTextContents();
  const stops = names.map((name) => sites.find((site) => site.name === name) as Sited);
  expect(new Set(names).size, 'each site once').toBe(sites.length);
  const best = Math.min(...orders(sites).map((order) => way(here, order)));
  expect(way(here, stops), 'no order is shorter').toBeLessThanOrEqual(best + 1);
  const total = await page.getByRole('status').filter({ hasText: '个点位，直线约' }).textContent();
  const told = /直线约 ([\d.]+) (公里|米)/.exec(total ?? '');
  const toldM = Number(told?.[1]) * (told?.[2] === '公里' ? 1000 : 1);
  expect(Math.abs(toldM - way(here, stops)) / way(here, stops), 'the length told').toBeLessThan(0.06);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, 'deputy-visits');
  await page.getByRole('checkbox', { name: `走访 ${names.at(-1)}` }).uncheck();
  await expect(page.getByRole('status').filter({ hasText: `${sites.length - 1} 个点位` })).toBeVisible();
  for (const id of given.slice(0, 3)) await reassign(desk, id, own, null);
  await desk.leave();
  await self.leave();
});

test('each map app is given the place in its own datum', async ({ page, line }) => {
  await openAs(page, line.address, 'deputy2');
  await page.goto(`${line.address}/deputy#/visits`);
  for (const site of await waiting(page)) {
    const apps = page.getByRole('group', { name: `用地图应用前往：${site.name}` });
    const address = async (app: string) => (await apps.getByRole('link', { name: app }).getAttribute('href')) ?? '';
    const { lon, lat } = site.position;
    const [lonA, latA] = pairIn(await address('高德地图'), 'to=');
    expect(await address('高德地图')).toContain('coordinate=gaode');
    const shift = metres(site.position, { lon: lonA, lat: latA });
    expect(shift, 'GCJ-02 lies some hundred metres from WGS-84').toBeGreaterThan(200);
    expect(shift).toBeLessThan(800);
    expect(pairIn(await address('腾讯地图'), 'tocoord='), 'the same datum, north first').toEqual([latA, lonA]);
    const [latB, lonB] = pairIn(await address('百度地图'), 'location=');
    expect(await address('百度地图')).toContain('coord_type=bd09ll');
    expect(Math.hypot(lonB - lonA - 0.0065, latB - latA - 0.006), 'BD-09 beside GCJ-02').toBeLessThan(0.0008);
    const [latP, lonP] = pairIn(await address('手机自带地图'), 'geo:');
    expect(metres({ lon: lonP, lat: latP }, { lon, lat }), 'the phone’s own: WGS-84').toBeLessThan(1);
  }
});

/** Width and height as the JPEG says itself. */
function sizeOf(jpeg: Buffer): [width: number, height: number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error('no frame in the picture');
}

test('pictures leave the phone with a long side of 2048, small ones as they are', async ({ page, context, line }) => {
  await openAs(page, line.address, 'deputy2');
  const site = await firstSite(page);
  await write(page, site, { words: '三张大小不同的照片', pictures: 1 });
  await page.getByRole('button', { name: '返回修改' }).click();
  await page.getByRole('button', { name: '移除第 1 张照片' }).click();
  for (const [width, height] of [
    [4000, 3000],
    [3000, 4000],
    [1200, 900],
  ]) {
    const bytes = await page.evaluate(
      async ([w, h]) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
        const context = canvas.getContext('2d');
        if (!context) throw new Error('no canvas');
        for (let tile = 0; tile < 192; tile += 1) {
          context.fillStyle = `hsl(${Math.random() * 360} 50% ${25 + Math.random() * 55}%)`;
          context.fillRect(((tile % 16) * canvas.width) / 16, (Math.floor(tile / 16) * canvas.height) / 12, 400, 400);
        }
        const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
        return [...new Uint8Array(await (blob as Blob).arrayBuffer())];
      },
      [width, height] as const,
    );
    const file = { name: `${width}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
    const shown = page.getByRole('img', { name: /^第 \d 张照片/ });
    const before = await shown.count();
    await page.locator('input[type=file][multiple]').setInputFiles(file);
    await expect(shown).toHaveCount(before + 1);
  }
  const sent: [number, number][] = [];
  line.heard = (method, path, body) => {
    if (method === 'PUT' && path.startsWith('/api/photos/')) sent.push(sizeOf(body));
  };
  await page.getByRole('button', { name: '预览并提交' }).click();
  await submit(page);
  await receiptIsShown(page);
  expect(sent).toEqual([
    [2048, 1536],
    [1536, 2048],
    [1200, 900],
  ]);
  await onceAndWhole(context, site, '三张大小不同的照片', 3);
});

test('inside WeChat’s browser a whole report is written and sent', async ({ browser, line }) => {
  const userAgent =
    'Mozilla/5.0 (Linux; Android 12; NOH-AN00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.44';
  const context = await browser.newContext({ ...PHONE_HERE, userAgent, locale: 'zh-CN' });
  const page = await context.newPage();
  // Its browser knows no installing.
  await page.addInitScript(() => addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation()));
  await page.goto(`${line.address}/deputy`);
  await expect(page.getByText('在浏览器打开').first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, 'deputy-wechat');
  await signInByForm(page, 'deputy2');
  await monthIsShown(page);
  const site = await firstSite(page);
  await write(page, site, { words: '在微信里写的反馈' });
  await submit(page);
  await receiptIsShown(page);
  expect(await reportsSaying(context, serverAddress(), site, '在微信里写的反馈')).toHaveLength(1);
  await onceAndWhole(context, site, '在微信里写的反馈');
  await context.close();
});
