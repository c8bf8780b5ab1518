// Joining: the working committee prints invitations, a deputy scans one, confirms the number, sets a password and is in. Inside WeChat the
// page says how to open it outside; a revoked card leads nowhere; the phone's sessions are listed and can be ended.
import type { Browser, BrowserContext } from '@playwright/test';
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

const PASSWORD = '稻花香里说丰年听取蛙声一片';

interface Card {
  link: string;
  name: string;
  phone: string;
}

/** Invites as the township's working committee, through the server alone. */
async function invite(page: Page, count: number): Promise<Card[]> {
  await page.goto('/desk');
  await signIn(page, 'committee');
  return page.evaluate(async (wanted) => {
    const list = await (await fetch('/api/joining?standing=not_invited')).json();
    const rows = list.items.slice(-wanted);
    const body = JSON.stringify({ deputies: rows.map((row: { deputy_id: number }) => row.deputy_id), valid_days: 7 });
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const { items } = await (await fetch('/api/invitations', { method: 'POST', headers, body })).json();
    // Lists show numbers without their middle; the card's owner knows the whole.
    const numberOf = async (id: number) => {
      const fresh = { ...headers, 'idempotency-key': crypto.randomUUID() };
      const told = await fetch(`/api/deputies/${id}/phone-views`, { method: 'POST', headers: fresh, body: '{}' });
      return (await told.json()).phone as string;
    };
    const cards = rows.map(async (row: { deputy_id: number; name: string }, place: number) => ({
      name: row.name,
      phone: await numberOf(row.deputy_id),
      link: new URL(items[place].link).pathname + new URL(items[place].link).hash,
    }));
    return Promise.all(cards);
  }, count);
}

/** Another person's phone. */
async function phoneOf(browser: Browser, agent?: string): Promise<BrowserContext> {
  const options = { ...PHONE, locale: 'zh-CN', baseURL: test.info().project.use.baseURL ?? '' };
  return browser.newContext(agent ? { ...options, userAgent: agent } : options);
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('invitations are made for many and printed as cards, eight to a page', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'working-committee');
    await page.goto('/desk#/joining');
    await page.reload();
    await expect(page.getByRole('heading', { name: '代表开通' })).toBeVisible();
    await page.getByRole('button', { name: /^未邀请/ }).click();
    const boxes = page.getByRole('checkbox', { name: /^选择 / });
    await expect(boxes.nth(2)).toBeVisible();
    for (const place of [0, 1, 2]) await boxes.nth(place).check();
    await expectAccessible(page);
    await keepPicture(page, 'joining-desk');
    await page.getByRole('button', { name: '生成邀请卡' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('将为 3 位代表生成邀请卡');
    await dialog.getByRole('button', { name: '生成邀请卡' }).click();
    await expect(page.getByRole('img', { name: /\/join#[0-9a-z]{26}$/ })).toHaveCount(3);
    await expectAccessible(page);
    await keepPicture(page, 'joining-cards');
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('button', { name: '打印' })).toBeHidden();
    await expect(page.getByRole('navigation')).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: '已打印，返回名单' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '已打印，返回名单' }).click();
    await page.getByRole('button', { name: /^已邀请/ }).click();
    await page
      .getByRole('button', { name: /^撤回邀请/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回邀请' }).click();
    await expect(page.getByText(/^已撤回/)).toBeVisible();
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('a deputy comes from the card into the month, and in again by number and password', async ({
    page,
    browser,
  }) => {
    const [card] = await invite(page, 1);
    if (!card) throw new Error('nobody was invited');
    const context = await phoneOf(browser);
    const phone = await context.newPage();
    await phone.goto(card.link);
    await expect(phone.getByText(card.name)).toBeVisible();
    await expectAccessible(phone);
    await expectNoSidewaysScroll(phone);
    await keepPicture(phone, 'joining-phone');
    await phone.getByLabel('手机号码').fill('13800000000');
    await phone.getByLabel('新密码').fill(PASSWORD);
    await phone.getByRole('button', { name: '设好密码，进入履职' }).click();
    await expect(phone.getByText('还可再试 4 次')).toBeVisible();
    await phone.getByLabel('手机号码').fill(card.phone);
    await phone.getByRole('button', { name: '设好密码，进入履职' }).click();
    await phone.waitForURL(/\/deputy/);
    await expect(phone.getByRole('navigation', { name: '主导航' })).toBeVisible();
    await phone.goto('/deputy#/me');
    await expect(phone.getByText('本机')).toBeVisible();
    await context.clearCookies();
    await phone.goto('/deputy');
    await phone.getByLabel('手机号码或账号').fill(card.phone);
    await phone.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await phone.getByRole('button', { name: '登录' }).click();
    await expect(phone.getByRole('navigation', { name: '主导航' })).toBeVisible();
    await phone.goto(card.link);
    await expect(phone.getByText('这份邀请已经使用过')).toBeVisible();
    await context.close();
  });

  test('inside WeChat it says how to open it outside, and works all the same', async ({ page, browser }) => {
    const [card] = await invite(page, 1);
    if (!card) throw new Error('nobody was invited');
    const context = await phoneOf(
      browser,
      'Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.44',
    );
    const phone = await context.newPage();
    await phone.goto(card.link);
    await expect(phone.getByText('在浏览器打开')).toBeVisible();
    await keepPicture(phone, 'joining-wechat');
    await phone.getByLabel('手机号码').fill(card.phone);
    await phone.getByLabel('新密码').fill(PASSWORD);
    await phone.getByRole('button', { name: '设好密码，进入履职' }).click();
    await phone.waitForURL(/\/deputy/);
    await context.close();
  });

  test('a forgotten password leads to whoever can help, in large type and in English too', async ({ page }) => {
    await page.goto('/deputy');
    await page.getByRole('link', { name: '代表找回密码' }).click();
    await expect(page.getByText('补发一张邀请卡')).toBeVisible();
    await page.goto('/join');
    await expect(page.getByText('请扫描邀请卡上的二维码')).toBeVisible();
    await chooseFor(page, { language: 'en', large: true });
    await page.goto('/join#forgotten');
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Forgotten password' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
