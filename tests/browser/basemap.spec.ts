// A county with a base map: it lies pale under outline and pins, comes through our own server, and its maker and the review number stand
// on the map at every size. A second server over the journeys' database has the base map; the first one has none.
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  test,
} from './journey';
import { type StubTiles, serveStubTiles } from './stub_tiles';

const root = join(__dirname, '..', '..');
const port = Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097);
const dataDir = join(tmpdir(), `minsheng-map-browser-${port}`);
const baseURL = `http://127.0.0.1:${port + 1000}`;
const KEY = 'never-on-a-page';
const MAP_MS = 50_000;

let tiles: StubTiles;
let server: ChildProcess;

test.beforeAll(async () => {
  tiles = await serveStubTiles();
  server = spawn(join(root, 'target/debug/minsheng-map'), ['serve'], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: `postgres://app@localhost/minsheng?host=${dataDir}/socket`,
      MINSHENG_DATA_DIR: dataDir,
      MINSHENG_LISTEN: new URL(baseURL).host,
      MINSHENG_RUN_JOBS: 'false',
      MINSHENG_BASEMAP_KIND: 'xyz',
      MINSHENG_BASEMAP_URL: tiles.address,
      MINSHENG_BASEMAP_KEY: KEY,
      MINSHENG_BASEMAP_ATTRIBUTION: '底图 © 示例测绘院',
      MINSHENG_REVIEW_NUMBER: 'GS(2026)0001号',
      MINSHENG_ICP_NUMBER: '浙ICP备00000000号',
      MINSHENG_POLICE_NUMBER: '浙公网安备00000000000000号',
    },
    stdio: 'ignore',
  });
  await expect(async () => expect((await fetch(`${baseURL}/readyz`)).ok).toBe(true)).toPass({ timeout: 60_000 });
});

test.afterAll(() => {
  server.kill('SIGTERM');
  tiles.server.close();
});

test.use({ baseURL });

async function openMap(page: Page, address: string): Promise<void> {
  const tile = page.waitForResponse((response) => response.url().includes('/basemap/xyz/') && response.ok(), {
    timeout: MAP_MS,
  });
  await page.goto(address);
  expect((await tile).headers()['content-type']).toBe('image/png');
  await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, null, { timeout: MAP_MS });
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the base map lies under the county, and who made it stands on the map', async ({ page }) => {
    await openMap(page, '/');
    await expect(page.getByText('底图 © 示例测绘院')).toBeVisible();
    await expect(page.getByText('审图号：GS(2026)0001号')).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'basemap-desktop');
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText('底图 © 示例测绘院')).toBeVisible();
    expect(tiles.asked.every((asked) => asked.endsWith(`key=${KEY}`))).toBe(true);
    expect(await page.content()).not.toContain(KEY);
  });

  test('the filings lead to their registers', async ({ page }) => {
    await page.goto('/');
    const filing = page.getByRole('link', { name: '浙ICP备00000000号' });
    // The app takes the place of the page as the server wrote it; the filing stands on both.
    await expect(() => filing.scrollIntoViewIfNeeded({ timeout: 2000 })).toPass();
    await expect(filing).toHaveAttribute('href', 'https://beian.miit.gov.cn/');
    await expect(page.getByRole('link', { name: '浙公网安备00000000000000号' })).toHaveAttribute(
      'href',
      'https://beian.mps.gov.cn/',
    );
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('the maker and the review number stay in view', async ({ page }) => {
    await openMap(page, '/');
    const words = page.getByText('底图 © 示例测绘院');
    await expect(words).toBeInViewport();
    await expect(page.getByText('审图号：GS(2026)0001号')).toBeInViewport();
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'basemap-phone');
  });
});
