// A county walks over its month's end, with a server of its own whose clock is moved on: the last evening, the night after, the days of grace,
// the month when it is final. At a desk, on the unit's tablet, and on two phones that were out of reach at midnight.
import type { Browser, BrowserContext } from '@playwright/test';
import { go, monthIsShown, openSites, reportsSaying, submit, write } from './deputy_app';
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
import { OwnServer, setClock } from './own_server';
import { takePicture } from './pictures';

test.describe.configure({ mode: 'serial' });

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const AWAY = { ...PHONE, geolocation: { longitude: 120, latitude: 30.5 }, permissions: ['geolocation'] };
const server = new OwnServer(Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097) + 2000);
/** The days are those of this month in the county, wherever the machine stands. */
const inCounty = new Date(Date.now() + 8 * 3_600_000);
const turn = Date.UTC(inCounty.getUTCFullYear(), inCounty.getUTCMonth() + 1, 1) - 8 * 3_600_000;
const after = (hours: number) => new Date(turn + hours * 3_600_000);
const nameOf = (instant: Date) => new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 7);
const month = nameOf(after(-1));
const monthNumber = Number(month.slice(5));

interface Figures {
  state: string;
  owed: number;
  received: number;
  on_time: number;
  missing: number;
}
/** The morning after the days of grace, when orders have risen. */
const FINAL = after(5 * 24 + 8.1);
let lastEvening: Figures;
let grace: Figures;

test.use({ baseURL: server.origin });
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await server.startAt(after(-6));
});
test.afterAll(() => server.end());

async function enter(page: Page, login: string, path: string): Promise<void> {
  await server.moveClock(page);
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto(`/desk#/${path}`);
  await page.reload();
  await expect(page.locator('main h2').first()).toBeVisible();
}

function figures(page: Page, of = month): Promise<Figures> {
  return page.evaluate(async (path) => (await fetch(path)).json(), `/api/reporting-months/${of}/cockpit`);
}

/** What the cockpit shows is what the server counts. */
async function expectShown(page: Page, counted: Figures): Promise<void> {
  for (const [name, count] of [
    ['应报', counted.owed],
    ['已报', counted.received],
    ['按时', counted.on_time],
    ['未报', counted.missing],
  ] as const)
    await expect(page.getByRole('button', { name: new RegExp(`^${name} ${count} 份`) })).toBeVisible();
  expect(counted.owed).toBe(counted.received + counted.missing);
}

async function stands(page: Page, picture: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, picture);
}

test.describe('the last evening', () => {
  test.use(DESKTOP);

  test('the cockpit says that it closes tonight, and all who are missing are reminded', async ({ page }) => {
    await enter(page, 'committee', 'months');
    await expect(page.getByText('今天 24 时截止')).toBeVisible();
    lastEvening = await figures(page);
    expect(lastEvening.state).toBe('open');
    await expectShown(page, lastEvening);
    await stands(page, 'month-end-evening');
    await page.getByRole('button', { name: '提醒所有未报代表' }).click();
    const remind = page.getByRole('dialog', { name: '提醒未报的代表：全部' });
    // The server has reminded them by itself today; whoever wants to say it once more says so.
    await expect(remind.getByRole('status')).toContainText('没有需要提醒的代表');
    await remind.getByLabel('今天已经提醒过的不再提醒').uncheck();
    await expect(remind.getByRole('status')).toContainText(`共 ${lastEvening.missing} 份反馈`);
    await remind.getByLabel('提醒内容').fill('今晚24时截止，请抓紧反馈。');
    await remind.getByRole('button', { name: '发出提醒' }).click();
    await expect(page.getByText(/已提醒 \d+ 位代表，送出 \d+ 条通知/)).toBeVisible();
  });
});

test.describe('the unit on its tablet', () => {
  test.use(TABLET);

  test('answers an order with words, a picture and a new date', async ({ page, browser }) => {
    await enter(page, 'unit', 'orders');
    await page.getByRole('tab', { name: '待单位答复' }).click();
    await expectNoSidewaysScroll(page);
    const row = page.locator('main tbody tr').filter({ hasText: '还剩 6 天' }).first();
    const number = (await row.getByRole('button').first().textContent()) ?? '';
    await row.getByRole('button').first().click();
    await page.getByRole('button', { name: '答复', exact: true }).click();
    const answer = page.getByRole('dialog', { name: `答复 ${number}` });
    await answer.getByRole('button', { name: '提交答复' }).click();
    await expect(answer.getByText('请填写内容')).toBeVisible();
    await answer.getByLabel('答复内容').fill('已增派两个班组，下月二十日前完成主体。');
    await answer.getByLabel(/^拟完成日期/).fill(`${nameOf(after(1))}-20`);
    await answer.locator('input[type=file]').setInputFiles(await takePicture(page, '复工现场'));
    await expect(answer.getByRole('img')).toBeVisible();
    await stands(page, 'tablet-unit-answer');
    await answer.getByRole('button', { name: '提交答复' }).click();
    await expect(page.getByText('答复已提交')).toBeVisible();
    const order = page.getByRole('dialog', { name: number, exact: true });
    await expect(order).toContainText('下月二十日前完成主体');
    await expect(order).toContainText(/拟于 .*20日 前完成/);
    await stands(page, 'tablet-unit-answered');

    const seen = await browser.newContext({ ...TABLET, baseURL: server.origin, locale: 'zh-CN' });
    const committee = await seen.newPage();
    await enter(committee, 'committee', 'orders');
    await committee.getByRole('tab', { name: '待审阅' }).click();
    await committee.getByRole('button', { name: number, exact: true }).click();
    await expect(committee.getByRole('img', { name: '答复的第 1 张照片' })).toBeVisible();
    await seen.close();
  });
});

/** A phone of the account, opened while there is a network and then out of reach; its clock can be set. */
async function phoneAway(
  browser: Browser,
  login: string,
): Promise<{ context: BrowserContext; page: Page; sites: number[] }> {
  const context = await browser.newContext({ ...AWAY, baseURL: server.origin, locale: 'zh-CN' });
  const page = await context.newPage();
  await server.moveClock(page);
  await page.goto('/deputy');
  await signIn(page, login);
  await page.reload();
  await monthIsShown(page);
  const sites = await openSites(page);
  await context.setOffline(true);
  return { context, page, sites };
}

async function writeAway(page: Page, site: number, words: string, at: Date): Promise<void> {
  await setClock(page, at);
  await write(page, site, { words, pictures: 1 });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();
}

async function comeBack(context: BrowserContext, page: Page): Promise<void> {
  await setClock(page, server.now());
  await context.setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event('online')));
}

test.describe('the night and the days after', () => {
  test.use(DESKTOP);

  test('what phones wrote before midnight counts for the month if it comes in time, and is never lost', async ({
    page,
    browser,
  }) => {
    test.setTimeout(150_000);
    const one = await phoneAway(browser, 'deputy');
    const other = await phoneAway(browser, 'deputy2');
    const [first = 0, second = 0] = one.sites;
    const [late = 0] = other.sites;
    await writeAway(one.page, first, '午夜之前写的', after(-1 / 6));
    await writeAway(one.page, second, '午夜之后还没有网络', after(1 / 3));
    await writeAway(other.page, late, '一直没有网络', after(-1 / 4));

    await server.startAt(after(1 / 2));
    await comeBack(one.context, one.page);
    await expect(one.page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
    await expect(one.page.locator('main').getByText(/迟报/).first()).toBeVisible();
    await stands(one.page, 'phone-month-turned');
    await expect
      .poll(async () => (await reportsSaying(one.context, server.origin, first, '午夜之前写的')).length)
      .toBe(1);
    for (const [site, words] of [
      [first, '午夜之前写的'],
      [second, '午夜之后还没有网络'],
    ] as const)
      expect(
        (await reportsSaying(one.context, server.origin, site, words)).map((each) => each.month),
        words,
      ).toEqual([month]);

    await enter(page, 'committee', 'months');
    await page.getByLabel('月份').selectOption(month);
    await expect(page.getByText(/补报期还有 5 天（含今天），.+定稿/)).toBeVisible();
    grace = await figures(page);
    expect(grace.state).toBe('provisional');
    expect(grace.received, 'the two from the phone came after the close').toBe(lastEvening.received + 2);
    expect(grace.on_time, 'and are late').toBe(lastEvening.on_time);
    await expectShown(page, grace);
    await stands(page, 'month-end-grace');

    await server.startAt(FINAL);
    await comeBack(other.context, other.page);
    await expect(other.page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
    await expect(other.page.getByText(`送到时${monthNumber}月已经定稿`)).toBeVisible();
    await stands(other.page, 'phone-month-final');
    const found = await reportsSaying(other.context, server.origin, late, '一直没有网络');
    expect(found.map((each) => each.month)).toEqual([nameOf(after(1))]);
    await go(other.page, '#/month');
    await monthIsShown(other.page);
    await one.context.close();
    await other.context.close();
  });
});

for (const [where, screen] of [
  ['desk', DESKTOP],
  ['tablet', TABLET],
] as const)
  test.describe(`the month when it is final, ${where}`, () => {
    test.use(screen);
    test.beforeEach(async () => {
      if (server.now() < FINAL) await server.startAt(FINAL);
    });

    test('its numbers stand, and a correction stands beside them', async ({ page }) => {
      await enter(page, 'committee', 'months');
      await page.getByLabel('月份').selectOption(month);
      await expect(page.getByText('已定稿，数字不再更改')).toBeVisible();
      await expect(page.getByRole('button', { name: '提醒所有未报代表' })).toHaveCount(0);
      const final = await figures(page);
      expect(final).toMatchObject({
        state: 'final',
        owed: grace.owed,
        received: grace.received,
        missing: grace.missing,
      });
      await expectShown(page, final);
      const words = `${where}：月末现场已停工，复核时发现`;
      await page.getByRole('button', { name: '记一条更正' }).click();
      const dialog = page.getByRole('dialog', { name: /的更正$/ });
      await dialog.getByLabel('错在哪里、怎样发现的').fill(words);
      await stands(page, `month-end-correct-${where}`);
      await dialog.getByRole('button', { name: '记一条更正' }).click();
      await expect(page.getByText(/更正已记在.+旁边/)).toBeVisible();
      await expect(page.getByText(words)).toBeVisible();
      expect(await figures(page), 'a final month never changes').toMatchObject({ ...final, as_of: expect.any(String) });
      await stands(page, `month-end-final-${where}`);
      await page.goto(`/bulletins/${month}`);
      await expect(page.getByText(words)).toBeVisible();
      await stands(page, `bulletin-${where}`);
    });

    test('an order that nobody answered has risen, and a second one follows it', async ({ page }) => {
      await enter(page, 'committee', 'orders');
      await page.getByRole('tab', { name: '逾期未答复' }).click();
      const overdue = page.locator('main tbody tr').filter({ hasText: where === 'desk' ? '重点督办' : '专题询问' });
      const number = (await overdue.first().getByRole('button').first().textContent()) ?? '';
      await stands(page, `orders-overdue-${where}`);
      await overdue.first().getByRole('button').first().click();
      const order = page.getByRole('dialog', { name: number, exact: true });
      await expect(order.getByText(/逾期未答复，自动升级为/).first()).toBeVisible();
      await stands(page, `order-risen-${where}`);
      await order.getByRole('button', { name: '再次督办' }).click();
      const second = page.getByRole('dialog', { name: '再次督办' });
      await expect(second).toContainText(`新的督办单接替 ${number}`);
      await second.getByLabel('督办内容').fill('前次督办逾期未答复，请主要负责人签字后书面答复。');
      await expectAccessible(page);
      await keepPicture(page, `order-second-${where}`);
      await second.getByRole('button', { name: '发出', exact: true }).click();
      await expect(page.getByText(/已发出：.+号/)).toBeVisible();
      await page.goto('/desk#/orders');
      await page.reload();
      await page.getByRole('button', { name: number, exact: true }).click();
      await expect(page.getByRole('dialog', { name: number, exact: true })).toContainText(/再次督办：.+号/);
    });
  });
