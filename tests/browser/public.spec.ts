// The public face: anyone sees how the projects stand, and in two taps on what evidence.
import {
  chooseFor,
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

async function mapIsDrawn(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, null, { timeout: MAP_MS });
}

const tile = (page: Page, stage: string) =>
  page.getByRole('group', { name: '按状态查看' }).getByRole('button', { name: stage });
const rows = (page: Page) => page.locator('ul.sites > li');
const shownCount = (page: Page) => page.getByText(/^显示 \d+ \/ \d+ 处点位/);

async function numberOn(page: Page, stage: string): Promise<number> {
  return Number(/^\d+/.exec((await tile(page, stage).textContent()) ?? '')?.[0]);
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the map and the list show the same county', async ({ page }) => {
    const ground = page.waitForResponse(
      (response) => response.url().includes('/tiles/regions,waters/') && response.ok(),
    );
    await page.goto('/');
    expect((await (await ground).body()).length, 'bytes of the ground tile').toBeGreaterThan(0);
    await expect(rows(page).first()).toBeVisible();
    await mapIsDrawn(page);
    await expect(page.getByText('虚构演示县')).toBeVisible();
    await expect(page.getByText('实时更新').first()).toBeVisible();
    const sum = (await numberOn(page, '已完成')) + (await numberOn(page, '进行中')) + (await numberOn(page, '未开始'));
    await expect(shownCount(page)).toContainText(`${sum} / ${sum}`);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'public-desktop');
  });

  test('filters combine, are kept in the address, and the back button undoes them', async ({ page }) => {
    await page.goto('/');
    await tile(page, '未开始').click();
    const red = await numberOn(page, '未开始');
    await expect(shownCount(page)).toContainText(`显示 ${red} /`);
    await expect(rows(page).first()).toContainText('未开始');
    await page.getByRole('checkbox', { name: '只看逾期' }).check();
    await expect(rows(page).first()).toContainText('逾期');
    await expect(page).toHaveURL(/stage=not_started&overdue=true/);
    await page.reload();
    await expect(page.getByRole('checkbox', { name: '只看逾期' })).toBeChecked();
    await page.getByRole('searchbox').fill('没有这样的点位');
    await expect(page.getByText('没有符合条件的点位')).toBeVisible();
    await page.getByRole('button', { name: '清除筛选' }).first().click();
    await expect(page).not.toHaveURL(/stage/);
    await page.goBack();
    await expect(page).toHaveURL(/stage=not_started/);
  });

  test('a site leads to its reports, photographs and the person behind them', async ({ page }) => {
    await page.goto('/?stage=completed');
    await rows(page).first().getByRole('button').click();
    await expect(page).toHaveURL(/\/sites\/[^/?]+/);
    const story = page.getByRole('article').first();
    await expect(story.getByRole('heading', { name: '逐月经过' })).toBeVisible();
    await expect(story.getByText(/ 代表$/).first()).toBeVisible();
    await mapIsDrawn(page);
    await expect(story.getByRole('img').first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'site-desktop');
    await story
      .getByRole('button', { name: /^放大照片/ })
      .first()
      .click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  test('stations and grid cells are layers that can be switched', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    const stationTile = page.waitForResponse((response) => /\/tiles\/stations\//.test(response.url()) && response.ok());
    await page.getByRole('checkbox', { name: '代表联络站' }).check();
    await stationTile;
    await page.getByRole('checkbox', { name: '治理网格' }).check();
    await expect(page).toHaveURL(/layers=stations,grid_cells/);
  });

  test('an accepted report recolours an open page within a second', async ({ page, context }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    const deputy = await context.newPage();
    await deputy.goto('/list');
    await signIn(deputy, 'deputy');
    const owed = await deputy.evaluate(async () => {
      const month = (await (await fetch('/api/county')).json()).month;
      const { items } = await (await fetch(`/api/me/sites?month=${month}`)).json();
      return items.find((item: { state: string }) => item.state !== 'struck_off')?.site;
    });
    expect(owed, 'the demo deputy has a site to report on').toBeTruthy();
    // Earlier journeys may have completed it; going back is a change of colour as well.
    const next: Stage = owed.stage === 'completed' ? 'in_progress' : 'completed';
    await page.getByRole('searchbox').fill(owed.name);
    await expect(rows(page)).toHaveCount(1);
    const recoloured = seenStage(page, owed.name, STAGE_WORDS[next]);
    const receipt = await sendReport(deputy, owed, next);
    expect([200, 201]).toContain(receipt.status);
    expect((await recoloured) - receipt.at, 'milliseconds from the receipt to the recoloured row').toBeLessThan(1000);
    await keepPicture(page, 'live-desktop');
  });

  test('without WebGL the list takes over and says so', async ({ page }) => {
    await page.addInitScript(() => {
      const open = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : Reflect.apply(open, this, [kind, ...rest]);
      } as typeof open;
    });
    await page.goto('/');
    await expect(page.getByText('此设备无法显示地图')).toBeVisible();
    await expect(rows(page).first()).toBeVisible();
    await expectAccessible(page);
  });

  test('an unknown site is said to be unknown', async ({ page }) => {
    await page.goto('/sites/nowhere');
    await expect(page.getByRole('heading', { name: '没有找到', level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: '查看全部点位' })).toBeVisible();
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('map, list and figures are one tap apart', async ({ page }) => {
    await page.goto('/');
    await mapIsDrawn(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'public-phone');
    await page.getByRole('tab', { name: '列表' }).click();
    await expect(page).toHaveURL(/\/list$/);
    await expect(rows(page).first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'list-phone');
    await page.getByRole('tab', { name: '进展' }).click();
    await expect(page).toHaveURL(/\/figures$/);
    await expect(page.getByRole('heading', { name: '进展' })).toBeVisible();
    await expectAccessible(page);
  });

  test('a site opens as a sheet over the map, and from the list can be shown on the map', async ({ page }) => {
    await page.goto('/list');
    await rows(page).first().getByRole('button').click();
    await page.getByRole('button', { name: '在地图上看' }).click();
    await mapIsDrawn(page);
    await expect(page.getByRole('heading', { name: '逐月经过' })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'site-phone');
    await page.getByRole('button', { name: '关闭点位' }).click();
    await expect(page.getByRole('tab', { name: '地图' })).toBeVisible();
  });

  for (const language of ['zh-CN', 'en'] as const) {
    test(`large type clips nothing (${language})`, async ({ page }) => {
      await chooseFor(page, { language, large: true });
      await page.goto('/list');
      await expect(rows(page).first()).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('22px');
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      if (language === 'zh-CN') await keepPicture(page, 'large-phone');
    });
  }
});

/** The moment at which the row of this site says that it is completed. */
function seenStage(page: Page, name: string, word: string): Promise<number> {
  return page.evaluate(
    ([wanted, stage]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const row = [...document.querySelectorAll('ul.sites > li')].find((each) =>
            each.textContent?.includes(wanted ?? ''),
          );
          if (row?.textContent?.includes(stage ?? '')) resolve(Date.now());
          else setTimeout(look, 15);
        };
        look();
      }),
    [name, word],
  );
}

type Stage = 'in_progress' | 'completed';

const STAGE_WORDS = { in_progress: '进行中', completed: '已完成' } as const;

interface OwedSite {
  id: number;
  position: { lon: number; lat: number };
}

/** Sends a photograph and a report that moves the site to the stage, as the signed-in deputy's page would. */
function sendReport(page: Page, owed: OwedSite, next: Stage): Promise<{ status: number; at: number }> {
  return page.evaluate(
    async ({ site, stage }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
      const pen = canvas.getContext('2d');
      pen?.fillRect(Math.random() * 300, Math.random() * 200, 200, 150);
      const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
      const bytes = await picture?.arrayBuffer();
      if (!bytes) throw new Error('no picture');
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      await fetch(`/api/photos/${sha256}`, { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: bytes });
      const answer = await fetch(`/api/reports/${crypto.randomUUID()}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          site_id: site.id,
          stage,
          percent: stage === 'completed' ? 100 : 90,
          words: '现场所见与照片一致。',
          problems: [],
          photos: [sha256],
          written_at: new Date().toISOString(),
          position: { ...site.position, accuracy_m: 12 },
          step_back_reason: stage === 'completed' ? null : '复查发现还有收尾工程。',
        }),
      });
      return { status: answer.status, at: Date.now() };
    },
    { site: owed, stage: next },
  );
}
