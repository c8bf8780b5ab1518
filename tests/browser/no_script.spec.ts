// The public face without script, and with script but without a map: the list carries everything.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, type Page, PHONE, test } from './journey';

const sites = (page: Page) => page.locator('ol.sites > li');

for (const [size, device] of [
  ['phone', PHONE],
  ['desk', DESKTOP],
] as const) {
  test.describe(`without script, ${size}`, () => {
    test.use({ ...device, javaScriptEnabled: false });

    test('from the list through a filter and a second page to a site and back', async ({ page }) => {
      await page.goto('/list');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('点位列表');
      await expect(sites(page)).toHaveCount(10);
      await expect(page.getByText('虚构演示县').first()).toBeVisible();
      await page.getByRole('link', { name: '已完成' }).click();
      await expect(page).toHaveURL(/\/list\?stage=completed$/);
      await page.getByRole('searchbox').fill('工程');
      await page.getByRole('searchbox').clear();
      await page.getByRole('link', { name: '下一页' }).click();
      await expect(page).toHaveURL(/stage=completed&page=2$/);
      await expect(sites(page).first()).toContainText('已');
      const name = await sites(page).first().getByRole('link').textContent();
      await sites(page).first().getByRole('link').click();
      await expect(page).toHaveURL(/\/sites\/[^/]+$/);
      await expect(page.getByRole('heading', { level: 1 })).toContainText(name ?? '?');
      await page.goBack();
      await expect(page).toHaveURL(/stage=completed&page=2$/);
      await expect(sites(page)).toHaveCount(10);
    });

    test('the form narrows the list by project, place and one character', async ({ page }) => {
      await page.goto('/list');
      await page.getByLabel('项目', { exact: true }).selectOption({ index: 2 });
      await page.getByLabel('只看逾期').check();
      await page.getByRole('button', { name: '查看' }).click();
      await expect(page).toHaveURL(/project=\d+.*overdue=true/);
      const late = await sites(page).count();
      expect(late).toBeGreaterThan(0);
      await expect(sites(page).getByText(/逾期 \d+ 天/)).toHaveCount(late);
      await page.getByRole('link', { name: '清除筛选' }).click();
      await page.getByRole('searchbox').fill('桥');
      await page.getByRole('searchbox').press('Enter');
      await expect(page).toHaveURL(/q=%E6%A1%A5/);
      await expect(sites(page).first()).toContainText('桥');
      await page.getByRole('searchbox').fill('没有这样的点位');
      await page.getByRole('button', { name: '查看' }).click();
      await expect(page.getByText('没有符合条件的点位')).toBeVisible();
    });

    test('language and large type are chosen by links and kept', async ({ page }) => {
      await page.goto('/list?stage=not_started');
      await page.getByRole('link', { name: '大字版' }).click();
      await expect(page.locator('html')).toHaveAttribute('data-type', 'large');
      await page.getByRole('link', { name: 'English' }).click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await page.getByRole('link', { name: 'Stations' }).first().click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await expect(page.locator('html')).toHaveAttribute('data-type', 'large');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stations');
    });
  });

  test.describe(`without a map, ${size}`, () => {
    test.use(device);

    const listTakesOver = async (page: Page, words: RegExp) => {
      await expect(page.getByText(words)).toBeVisible({ timeout: 60_000 });
      await expect(page.locator('ul.sites > li').first()).toBeVisible();
      await page.locator('ul.sites > li').first().getByRole('button').click();
      await expect(page).toHaveURL(/\/sites\//);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    };

    test('a device without WebGL2 gets the list', async ({ page }) => {
      await page.addInitScript(() => {
        const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
          return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...rest]);
        } as typeof original;
      });
      await page.goto('/');
      await listTakesOver(page, /此设备无法显示地图/);
    });

    test('map code that cannot be fetched gives way to the list', async ({ page }) => {
      await page.route(/assets\/(MapPane|county_map|maplibre)[^/]*\.js/, (route) => route.abort());
      await page.goto('/');
      await listTakesOver(page, /此设备无法显示地图/);
    });

    test('map code that never comes gives way to the list', async ({ page }) => {
      const code = /assets\/(MapPane|county_map|maplibre)[^/]*\.js/;
      await page.clock.install();
      await page.route(code, () => new Promise(() => undefined));
      const asked = page.waitForRequest(code);
      await page.goto('/');
      await asked;
      await page.clock.fastForward(15_000);
      await expect(page.getByText(/地图加载太慢/)).toHaveCount(0);
      await page.clock.fastForward(6_000);
      await listTakesOver(page, /地图加载太慢/);
    });

    test('ground tiles that fail leave the pins and the list', async ({ page }) => {
      await page.route(/\/tiles\//, (route) => route.abort());
      await page.goto('/');
      if (size === 'phone') await page.getByRole('tab', { name: '列表' }).click();
      await expect(page.locator('ul.sites > li').first()).toBeVisible();
    });
  });
}

test.describe('the app takes the place of what the server has written', () => {
  test.use(DESKTOP);

  test('once, at once when nobody is busy, and with nothing left over', async ({ page }) => {
    await page.goto('/list');
    await expect(page.locator('ul.sites > li').first()).toBeVisible();
    await expect(page.locator('.served')).toHaveCount(0);
    await expect(page.locator('main')).toHaveCount(1);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test('not while somebody fills in the form', async ({ page }) => {
    let release = () => undefined as unknown;
    const held = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    await page.route(/\/api\/map\/sites/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/list');
    await page.locator('.served').getByRole('searchbox').fill('桥');
    release();
    await page.waitForResponse(/\/api\/map\/sites/);
    await page.waitForTimeout(500);
    await expect(page.locator('.served').getByRole('searchbox')).toHaveValue('桥');
    await page.getByRole('searchbox').press('Enter');
    await expect(page).toHaveURL(/q=/);
    await expect(page.locator('ul.sites > li').first()).toContainText('桥');
  });

  test('not before it has something to show', async ({ page }) => {
    const wanted = /\/api\/(county|map\/sites)/;
    await page.clock.install();
    await page.route(wanted, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => wanted.test(request.url()));
    await page.goto('/list');
    await failed;
    await page.clock.fastForward(2000);
    await expect(page.locator('.served ol.sites > li')).toHaveCount(10);
    await page.unroute(wanted);
    // It asks again by itself, in ten seconds.
    await page.clock.fastForward(10_000);
    await expect(page.locator('ul.sites > li').first()).toBeVisible();
  });
});
