// A site that left the plan does not vanish: a resident finds it in the month's bulletin, opens its story, and the list of all that left. With
// a server of the journey's own, because a month has to end for its bulletin.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, type Page, PHONE, signIn, test } from './journey';
import { OwnServer } from './own_server';

test.describe.configure({ mode: 'serial' });

const server = new OwnServer(Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097) + 2100);
/** The days are those of this month in the county, wherever the machine stands. */
const inCounty = new Date(Date.now() + 8 * 3_600_000);
const turn = Date.UTC(inCounty.getUTCFullYear(), inCounty.getUTCMonth() + 1, 1) - 8 * 3_600_000;
const month = inCounty.toISOString().slice(0, 7);
const NUMBER = '县人常〔2026〕16号';
const REASON = '并入另一点位实施';
let left: { code: string; name: string };

test.use({ baseURL: server.origin });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await server.startAt(new Date(turn - 6 * 3_600_000));
});
test.afterAll(() => server.end());

/** Looks at a page with one's own eyes when asked to. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['LOOK'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the committee takes a site with a story off the plan, and finds it among those that left', async ({ page }) => {
    await server.moveClock(page);
    await page.goto('/desk');
    await signIn(page, 'committee');
    left = await page.evaluate(
      async ({ number, reason }) => {
        const { items } = await (await fetch('/api/sites?stage=in_progress&limit=50')).json();
        for (const site of items) {
          const story = await (await fetch(`/api/sites/${site.id}/story`)).json();
          if (!story.comparison) continue;
          const answer = await fetch(`/api/sites/${site.id}/withdrawal`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
            body: JSON.stringify({ decision_number: number, decided_on: '2026-01-06', reason, rev: story.site.rev }),
          });
          if (answer.ok) return { code: site.code, name: site.name };
          throw new Error(await answer.text());
        }
        throw new Error('no site has a story to compare');
      },
      { number: NUMBER, reason: REASON },
    );
    await page.goto('/desk#/plan');
    await page.reload();
    await page.getByRole('tab', { name: '已撤出的点位' }).click();
    const row = page.locator('main li').filter({ hasText: left.name });
    await expect(row).toContainText(NUMBER);
    await expect(row).toContainText(REASON);
    await look(page, 'left-desk');
    await expectAccessible(page);
    await server.startAt(new Date(turn + 3_600_000));
  });
});

test.describe('on a phone', () => {
  test.use({ ...PHONE, viewport: { width: 390, height: 844 } });

  test('the bulletin names it, and leads to its story', async ({ page }) => {
    // The server that woke up in the next month closes this one by its schedule.
    await expect(async () => {
      await page.goto(`/bulletins/${month}`);
      await expect(page.getByRole('heading', { name: '撤出计划的点位' })).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    const section = page.getByRole('region', { name: '撤出计划的点位' });
    await expect(section).toContainText(NUMBER);
    await section.scrollIntoViewIfNeeded();
    await look(page, 'left-bulletin');
    await expectNoSidewaysScroll(page);
    await section.getByRole('link', { name: left.name }).click();
    await expect(page).toHaveURL(new RegExp(`/sites/${left.code}$`));
    await expect(page.getByRole('heading', { name: '已撤出项目计划' })).toBeVisible();
    await expect(page.getByText(`依据 ${NUMBER}`)).toBeVisible();
    await expect(page.getByRole('heading', { name: '逐月经过' })).toBeVisible();
    const picture = page.locator('main img[src*="/photos/"]').first();
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((shown) => (shown as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    await expect(page.getByRole('link', { name: /我要反映/ })).toHaveCount(0);
    await page.evaluate(() => scrollTo(0, 0));
    await look(page, 'left-story');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('link', { name: '已撤出计划的点位' }).click();
    await expect(page.getByRole('link', { name: left.name })).toBeVisible();
    await look(page, 'left-list');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });

  test('a project’s page says how many left, and the app says what became of a site that it does not show', async ({
    page,
  }) => {
    await page.goto('/projects');
    await expect(page.getByRole('link', { name: '已撤出计划的点位 1 个' })).toBeVisible();
    // The app stands on another site when the address is changed to this one, as the way back does.
    await page.goto('/?shown=list');
    await expect(page.locator('ul.sites > li').first()).toBeVisible();
    await page.evaluate((code) => {
      history.pushState(null, '', `/sites/${code}`);
      dispatchEvent(new PopStateEvent('popstate'));
    }, left.code);
    await expect(page.getByText(`依据 ${NUMBER}`)).toBeVisible();
    await look(page, 'left-app');
    await expectAccessible(page);
    await page.getByRole('link', { name: '看它的全部经过' }).click();
    await expect(page.getByRole('heading', { name: '逐月经过' })).toBeVisible();
  });
});
