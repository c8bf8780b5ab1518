// Reading the map: townships, pins, filters that combine, the reader's own place, and the map of any past month.
import {
  chooseFor,
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  test,
} from './journey';

const MAP_MS = 50_000;
// Drawing maps in software and checking them for accessibility takes a busy machine long.
test.describe.configure({ timeout: 240_000 });
/** Bytes of everything that comes before the list can be used, compressed as it travels. */
const MOST_LIST_BYTES = 60_000;

interface Site {
  code: string;
  name: string;
  position: { lon: number; lat: number };
}

async function mapIsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, null, { timeout: MAP_MS });
}

const rings = (page: Page) => page.getByRole('list', { name: '各乡镇街道的点位' }).getByRole('button');
const rows = (page: Page) => page.locator('ul.sites > li');
const slider = (page: Page) => page.getByRole('slider', { name: '月份' });
const months = (page: Page) => page.getByRole('region', { name: '查看往月地图' });
const tile = (page: Page, stage: string) =>
  page.getByRole('group', { name: '按状态查看' }).getByRole('button', { name: stage });

async function shown(page: Page): Promise<number> {
  const words = await page.getByText(/^显示 \d+ \/ \d+ 处点位/).textContent();
  return Number(/\d+/.exec(words ?? '')?.[0]);
}

/** The figures of a ring, as it reads itself to whoever does not see it. */
async function ringFigures(page: Page): Promise<{ name: string; sites: number; completed: number }[]> {
  const words = await rings(page).evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
  return words.map((text) => ({
    name: text.split('：')[0] ?? '',
    sites: Number(/(\d+) 处点位/.exec(text)?.[1]),
    completed: Number(/已完成 (\d+)/.exec(text)?.[1]),
  }));
}

const sum = (figures: number[]) => figures.reduce((all, each) => all + each, 0);

async function answer<Body>(page: Page, path: string): Promise<Body> {
  return (await (await page.request.get(path)).json()) as Body;
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('townships show their shares, and a tap goes in to the pins and offers the township alone', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    await expect(rings(page)).toHaveCount(13);
    const figures = await ringFigures(page);
    expect(sum(figures.map((each) => each.sites))).toBe(await shown(page));
    await expectAccessible(page);
    const [first] = figures;
    await rings(page).first().press('Enter');
    await expect(rings(page)).toHaveCount(0);
    await expect(page).toHaveURL(/at=[\d.,]+/);
    const only = page.getByRole('button', { name: `只看${first?.name}` });
    await expect(only).toBeFocused();
    await keepPicture(page, 'township-desktop');
    await only.click();
    await expect(page).toHaveURL(/region=\d{9}/);
    expect(await shown(page)).toBe(first?.sites);
    await page.getByRole('button', { name: '看全部乡镇街道' }).click();
    await page.getByRole('button', { name: '回到全县' }).click();
    await expect(rings(page)).toHaveCount(13);
    await expect(page).not.toHaveURL(/at=|region=/);
  });

  test('rings follow the filters, and none covers another', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    await expect(rings(page)).toHaveCount(13);
    const boxes = await rings(page).evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect().toJSON() as DOMRect),
    );
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        expect(Math.min(across, down), 'pixels by which two rings overlap').toBeLessThanOrEqual(4);
      }
    }
    await tile(page, '未开始').click();
    await expect.poll(async () => sum((await ringFigures(page)).map((each) => each.completed))).toBe(0);
    expect(sum((await ringFigures(page)).map((each) => each.sites))).toBe(await shown(page));
  });

  test('a sign of the legend is a filter, and filters combine, survive a reload and go back', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    const legend = page.getByRole('group', { name: '图例' });
    await legend.getByRole('button', { name: /^已销号/ }).click();
    await expect(page).toHaveURL(/mark=struck_off/);
    const struckOff = await shown(page);
    const unit = page.getByLabel('承办单位', { exact: true });
    await unit.selectOption({ index: 1 });
    await expect.poll(() => shown(page)).toBeLessThan(struckOff);
    const both = await shown(page);
    await page.reload();
    await expect(legend.getByRole('button', { name: /^已销号/ })).toHaveAttribute('aria-pressed', 'true');
    expect(await shown(page)).toBe(both);
    await page.goBack();
    await expect(page).not.toHaveURL(/unit=/);
    await expect.poll(() => shown(page)).toBe(struckOff);
    await page.goForward();
    await expect.poll(() => shown(page)).toBe(both);
  });

  test('townships and units are listed in the order of their sound', async ({ page }) => {
    await page.goto('/list');
    for (const label of ['乡镇街道', '承办单位']) {
      const options = page.getByLabel(label, { exact: true }).locator('option');
      await expect.poll(() => options.count()).toBeGreaterThan(4);
      const names = (await options.allTextContents()).slice(1);
      const sorted = [...names].sort(new Intl.Collator('zh-CN-u-co-pinyin').compare);
      expect(names).toEqual(sorted);
      expect(names.length).toBeGreaterThan(3);
    }
  });

  test('the page and the server find the same: one character, full width, spaces, units, codes', async ({ page }) => {
    await page.goto('/list');
    await expect(rows(page).first()).toBeVisible();
    const all = await shown(page);
    for (const words of ['桥', '教育', '２０２６－０１', '农村 公路', '镇 改造']) {
      await page.getByRole('searchbox').fill(words);
      const { items } = await answer<{ items: Site[] }>(page, `/api/sites?limit=1000&q=${encodeURIComponent(words)}`);
      await expect.poll(() => shown(page), { message: words }).toBe(items.length);
      expect(items.length, words).toBeGreaterThan(0);
      expect(items.length, words).toBeLessThan(all);
    }
  });

  test('what an address asks for and this county does not have is dropped', async ({ page }) => {
    await page.goto('/?project=99999&region=110101&unit=99999&stage=green&month=2001-01&at=nowhere&layers=moon');
    await expect(rows(page).first()).toBeVisible();
    await expect(page).toHaveURL(/:\d+\/$/);
    const words = await page.getByText(/^显示 \d+ \/ \d+ 处点位/).textContent();
    const [of, all] = /(\d+) \/ (\d+)/.exec(words ?? '')?.slice(1) ?? [];
    expect(of).toBe(all);
  });

  test('back leads to where the map was', async ({ page }) => {
    await page.goto('/?at=120.0000,30.5000,12.50');
    await mapIsDrawn(page);
    await rows(page).first().getByRole('button').click();
    await expect(page).toHaveURL(/\/sites\//);
    await page.goBack();
    await expect(page).toHaveURL(/at=120\.0+,30\.50+,12\.50/);
  });

  test('a past month recolours map, list and counts, and says that it is final', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    await slider(page).press('ArrowLeft');
    await expect(page).toHaveURL(/month=\d{4}-\d{2}/);
    const month = /month=([\d-]+)/.exec(page.url())?.[1] ?? '';
    await expect(months(page).getByRole('status')).toContainText('已定稿');
    const { totals } = await answer<{ totals: { completed: number; sites: number } }>(
      page,
      `/api/summary?month=${month}`,
    );
    await expect(tile(page, '已完成')).toContainText(String(totals.completed));
    expect(sum((await ringFigures(page)).map((each) => each.completed))).toBe(totals.completed);
    await expectAccessible(page);
    await slider(page).press('Home');
    await expect(months(page).getByRole('status')).toContainText('1月');
    await keepPicture(page, 'month-desktop');
  });

  test('a site opened in a past month tells everything up to now and says so; now is one tap away', async ({
    page,
  }) => {
    const { items } = await answer<{ items: { month: string }[] }>(page, '/api/map/months');
    await page.goto(`/?month=${items[1]?.month}`);
    await expect(months(page).getByRole('status')).toContainText('已定稿');
    await rows(page).first().getByRole('button').press('Enter');
    await expect(page.getByText(/地图停在 .*月（已定稿）；下面是至今的全部记录/)).toBeVisible();
    await months(page).getByRole('button', { name: '回到现在' }).click();
    await expect(page).not.toHaveURL(/month=/);
    await expect(months(page).getByRole('status')).toContainText('现在');
  });

  test('a provisional month is said to be provisional', async ({ page }) => {
    await page.route(/\/api\/map\/months/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replaceAll('"final"', '"provisional"') });
    });
    await page.goto('/');
    await mapIsDrawn(page);
    await slider(page).press('ArrowLeft');
    await expect(months(page).getByRole('status')).toContainText('暂定');
    await expectAccessible(page);
  });

  test('the year plays month by month, read before it begins, and stops when told to', async ({ page }) => {
    const read: string[] = [];
    page.on('request', (request) => {
      const month = /\/api\/map\/months\/([\d-]+)/.exec(request.url())?.[1];
      if (month) read.push(month);
    });
    // Which months the address went through, however slow this machine is to look.
    await page.addInitScript(() => {
      const shown: string[] = [];
      Object.assign(globalThis, { shown });
      for (const act of ['pushState', 'replaceState'] as const) {
        const change = history[act].bind(history);
        history[act] = (state, unused, address) => {
          const month = /month=([\d-]+)/.exec(String(address))?.[1];
          if (month && month !== shown.at(-1)) shown.push(month);
          change(state, unused, address);
        };
      }
    });
    const seen = () => page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('/');
    await mapIsDrawn(page);
    const closed = Number(await slider(page).getAttribute('max'));
    await months(page).getByRole('button', { name: '播放' }).click();
    await expect.poll(seen).not.toHaveLength(0);
    expect(new Set(read).size, 'months read before the first is shown').toBe(closed);
    await expect.poll(async () => (await seen()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    await months(page).getByRole('button', { name: '暂停' }).click();
    const stopped = page.url();
    await page.waitForTimeout(1500);
    expect(page.url()).toBe(stopped);
    const played = await seen();
    expect(played[0]).toMatch(/-01$/);
    expect(played).toEqual([...played].sort());
    expect(new Set(played).size).toBe(played.length);
    expect(read.length, 'nothing is read twice').toBe(closed);
    await page.goBack();
    await expect(page).not.toHaveURL(/month=/);
  });

  for (const address of ['/', '/list'])
    test(`at ${address} the list works before anything heavy has come`, async ({ page }) => {
      await page.goto(address);
      await expect(rows(page).first()).toBeVisible();
      const files = await page.evaluate(() => {
        const until = performance.getEntriesByName('sites-read')[0]?.startTime ?? 0;
        const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        return (entries as PerformanceResourceTiming[])
          .filter((entry) => entry.responseEnd > 0 && entry.startTime < until && !entry.name.includes('/api/events'))
          .map((entry) => ({ name: entry.name, bytes: entry.encodedBodySize }));
      });
      const bytes = sum(files.map((file) => file.bytes));
      test
        .info()
        .annotations.push({ type: 'bytes before the list', description: `${bytes} in ${files.length} answers` });
      expect(files.some((file) => file.name.includes('/api/map/sites'))).toBe(true);
      expect(bytes, JSON.stringify(files, null, 1)).toBeLessThanOrEqual(MOST_LIST_BYTES);
    });
});

test.describe('near me', () => {
  test.use(PHONE);

  const near = (page: Page) => page.getByRole('button', { name: '离我最近' }).first();

  test('sorts the list by distance and shows my place, which stays on the page', async ({ page, context }) => {
    const { items } = await answer<{ items: Site[] }>(page, '/api/sites?limit=50');
    const mine = items[20];
    if (!mine) throw new Error('too few sites');
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ longitude: mine.position.lon, latitude: mine.position.lat });
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')));
    await page.goto('/list');
    await near(page).click();
    await expect(page.getByText('按距您远近排列')).toBeVisible();
    await expect(rows(page).first()).toContainText(mine.name);
    await expect(rows(page).first()).toContainText('10 米');
    await expectAccessible(page);
    await keepPicture(page, 'near-phone');
    expect(sent.filter((each) => each.includes(String(mine.position.lat).slice(0, 7)))).toEqual([]);
    await page.getByRole('button', { name: '恢复原来的排列' }).click();
    await expect(rows(page).first()).toContainText('逾期');
  });

  test('says that I am outside the county', async ({ page, context }) => {
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ longitude: 116.4, latitude: 39.9 });
    await page.goto('/list');
    await near(page).click();
    await expect(page.getByText('您不在本县范围内')).toBeVisible();
    await expect(rows(page).first()).toContainText('公里');
  });

  test('explains what to do when I refused', async ({ page }) => {
    await page.goto('/list');
    await near(page).click();
    await expect(page.getByText('没有得到定位许可')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: '关闭' }).click();
    await expect(page.getByText('没有得到定位许可')).toBeHidden();
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('a site found in the list is shown on the map, and back is the same place in the list', async ({ page }) => {
    await page.goto('/list');
    const row = rows(page).nth(60);
    await row.scrollIntoViewIfNeeded();
    const name = (await row.locator('.name').textContent()) ?? '';
    await row.getByRole('button').click();
    await page.getByRole('button', { name: '在地图上看' }).click();
    await mapIsDrawn(page);
    await expect(page.getByRole('heading', { name })).toBeVisible();
    await page.getByRole('button', { name: '返回列表' }).click();
    await expect(page).toHaveURL(/\/list$/);
    await expect(rows(page).filter({ hasText: name }).first()).toBeInViewport();
    await expect(row.getByRole('button')).toBeFocused();
  });

  test('the sheet has every filter and says how many sites they leave', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    await page.getByRole('button', { name: '筛选' }).click();
    const sheet = page.getByRole('dialog', { name: '筛选' });
    for (const label of ['项目', '乡镇街道', '承办单位', '标记'])
      await expect(sheet.getByLabel(label, { exact: true })).toBeVisible();
    await sheet.getByRole('radio', { name: '进行中' }).check();
    await sheet.getByRole('checkbox', { name: '只看逾期' }).check();
    await expectAccessible(page);
    const hits = Number(/\d+/.exec((await sheet.getByRole('button', { name: /^查看/ }).textContent()) ?? '')?.[0]);
    await sheet.getByRole('button', { name: /^查看/ }).click();
    await expect(page).toHaveURL(/stage=in_progress&overdue=true/);
    await expect.poll(async () => sum((await ringFigures(page)).map((each) => each.sites))).toBe(hits);
  });

  for (const language of ['zh-CN', 'en'] as const) {
    for (const type of ['normal', 'large'] as const) {
      test(`the map of a past month holds (${language}, ${type})`, async ({ page }) => {
        await chooseFor(page, { language, large: type === 'large' });
        const { items } = await answer<{ items: { month: string }[] }>(page, '/api/map/months');
        await page.goto(`/?month=${items[2]?.month}`);
        await mapIsDrawn(page);
        await expect(page.getByRole('slider')).toBeVisible();
        await expect(page.getByRole('button', { name: language === 'en' ? 'Back to now' : '回到现在' })).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        if (language === 'zh-CN') await keepPicture(page, type === 'large' ? 'month-large-phone' : 'month-phone');
      });
    }
  }
});
