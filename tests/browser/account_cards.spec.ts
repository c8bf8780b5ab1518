// Cards for those of the desk: the administrator makes accounts without passwords, chooses them, prints their cards; a unit's handler scans one
// on a phone, shows the number on record, chooses a password and is at the unit's desk. A card without a number asks for the login.
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

const PASSWORD = '稻花香里说丰年听取蛙声一片';
const NUMBER = '13712345678';

interface Account {
  id: number;
  login: string;
  name: string;
}

async function openAccounts(page: Page): Promise<void> {
  await page.goto('/desk');
  await signIn(page, 'admin');
  await page.goto('/desk#/accounts');
  await page.reload();
  await expect(page.getByRole('heading', { name: '账号', exact: true })).toBeVisible();
}

/** Three units' accounts without passwords, the first with a telephone number, through the server alone. */
async function makeAccounts(page: Page): Promise<Account[]> {
  return page.evaluate(async (number) => {
    const send = async (method: string, path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    };
    const county = await (await fetch('/api/county')).json();
    const units = (await (await fetch('/api/units')).json()).items.slice(0, 3);
    const stamp = Date.now();
    const made = [];
    for (const [place, unit] of units.entries()) {
      const grants = [{ role: 'unit_handler', region: county.code, unit_id: unit.id }];
      const name = `${unit.name}经办${place + 1}`;
      made.push(await send('POST', '/api/accounts', { login: `cards-${stamp}-${place}`, name, grants }));
    }
    await send('PUT', `/api/accounts/${made[0].id}/notice-phone`, { phone: number });
    return made.map(({ id, login, name }) => ({ id, login, name }));
  }, NUMBER);
}

test.use(DESKTOP);

let made: Account[] = [];

// The county's figures of its people are as before.
test.afterEach(async ({ page }) => {
  await page.context().clearCookies();
  await page.goto('/desk');
  await signIn(page, 'admin');
  for (const { id } of made) {
    const gone = await page.evaluate(async (account) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      return (await fetch(`/api/accounts/${account}/disable`, { method: 'POST', headers, body: '{}' })).status;
    }, id);
    expect(gone).toBe(200);
  }
  made = [];
});

test('the administrator prints cards for three units, and their handlers come in by them', async ({
  page,
  browser,
}) => {
  test.setTimeout(150_000);
  await openAccounts(page);
  made = await makeAccounts(page);
  const [first, second, third] = made as [Account, Account, Account];
  await page.getByLabel('显示').selectOption({ label: '还没有自己的密码' });
  for (const { name } of made) await page.getByRole('checkbox', { name: `选择 ${name}`, exact: true }).check();
  await expect(page.getByText('已选 3 个账号')).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await keepPicture(page, 'account-cards-choice');
  await page.getByRole('button', { name: '发邀请卡' }).click();
  const dialog = page.getByRole('dialog', { name: '发邀请卡' });
  await expect(dialog).toContainText('将为 3 个账号生成邀请卡');
  await expect(dialog).toContainText('其中 2 个没有登记手机号码');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: '发邀请卡' }).click();

  const cards = page.getByRole('listitem').filter({ has: page.getByRole('img', { name: /\/join#[0-9a-z]{26}$/ }) });
  await expect(cards).toHaveCount(3);
  const cardOf = (account: Account) => cards.filter({ hasText: account.name });
  await expect(cardOf(first)).toContainText(first.login);
  await expect(cardOf(first)).toContainText('填写登记的手机号码');
  await expect(cardOf(first)).toContainText(/前有效/);
  for (const account of [second, third]) {
    await expect(cardOf(account)).toContainText('填写账号名（另行告知）');
    await expect(cardOf(account)).not.toContainText(account.login);
  }
  await expect(page.getByText('卡上没有印账号名，请当面另行告知')).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, 'account-cards');
  const linkOf = async (account: Account) => {
    const link = new URL((await cardOf(account).getByRole('img').getAttribute('aria-label')) ?? '');
    return link.pathname + link.hash;
  };
  const links = [await linkOf(first), await linkOf(second)] as const;

  await page.getByRole('button', { name: '已打印，返回名单' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '已打印，返回名单' }).click();
  await page.getByLabel('显示').selectOption({ label: '邀请卡未使用' });
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: third.login });
  await row.getByRole('button', { name: /^撤回邀请卡/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: '撤回邀请卡' }).click();
  await expect(page.getByText(`已撤回 ${third.name} 的邀请卡`)).toBeVisible();
  await expect(row).toHaveCount(0);

  const context = await browser.newContext({
    ...PHONE,
    locale: 'zh-CN',
    baseURL: test.info().project.use.baseURL ?? '',
  });
  const phone = await context.newPage();
  await phone.goto(links[0]);
  await expect(phone.getByText(first.name)).toBeVisible();
  await expect(phone.getByText('登记的号码是 137******78')).toBeVisible();
  await expectAccessible(phone);
  await expectNoSidewaysScroll(phone);
  await phone.getByLabel('手机号码').fill('13800000000');
  await phone.getByLabel('新密码').fill(PASSWORD);
  await phone.getByRole('button', { name: '设好密码，进入工作台' }).click();
  await expect(phone.getByText('还可再试 4 次')).toBeVisible();
  await phone.getByLabel('手机号码').fill(NUMBER);
  await keepPicture(phone, 'account-cards-phone');
  await phone.getByRole('button', { name: '设好密码，进入工作台' }).click();
  await phone.waitForURL(/\/desk/);
  await expect(phone.getByRole('heading', { name: '收到的催办' })).toBeVisible();
  const grants = await phone.evaluate(async () => (await (await fetch('/api/session')).json()).grants);
  expect(grants[0].role).toBe('unit_handler');
  await expectNoSidewaysScroll(phone);
  await keepPicture(phone, 'account-cards-unit');
  await context.clearCookies();
  await phone.goto(links[0]);
  await expect(phone.getByText('这份邀请已经使用过')).toBeVisible();

  // Without a number on record the login is asked for, which the page does not tell.
  await phone.goto(links[1]);
  await expect(phone.getByText(second.name)).toBeVisible();
  await expect(phone.getByText(second.login)).toHaveCount(0);
  await phone.getByLabel('登录账号').fill(second.login.toUpperCase());
  await phone.getByLabel('新密码').fill(PASSWORD);
  await phone.getByRole('button', { name: '设好密码，进入工作台' }).click();
  await phone.waitForURL(/\/desk/);
  await expect(phone.getByRole('heading', { name: '收到的催办' })).toBeVisible();
  await context.close();
});

test('a new account is made without a password and its card is offered at once', async ({ page }) => {
  await openAccounts(page);
  const login = `card-${Date.now()}`;
  await page.getByRole('button', { name: '新建账号' }).click();
  const dialog = page.getByRole('dialog', { name: '新建账号' });
  await expect(dialog.getByLabel('用邀请卡（推荐）')).toBeChecked();
  await expect(dialog.getByLabel('初始密码')).toHaveCount(0);
  await dialog.getByLabel('角色').selectOption({ label: '审计员' });
  await expect(dialog.getByText('审计员不用邀请卡')).toBeVisible();
  await expect(dialog.getByLabel('初始密码')).toBeVisible();
  await dialog.getByLabel('角色').selectOption({ label: '镇街人大工委' });
  await dialog.getByLabel('账号').fill(login);
  await dialog.getByLabel('姓名或单位').fill('新到任的同志');
  await dialog.getByLabel('范围').selectOption({ index: 1 });
  await expectAccessible(page);
  await keepPicture(page, 'account-new');
  const answer = page.waitForResponse((each) => each.url().endsWith('/api/accounts') && each.status() === 201);
  await dialog.getByRole('button', { name: '创建' }).click();
  made = [await (await answer).json()];
  const invite = page.getByRole('dialog', { name: '发邀请卡' });
  await expect(invite).toContainText('将为 1 个账号生成邀请卡');
  await invite.getByLabel('有效期').selectOption('7');
  await invite.getByRole('button', { name: '发邀请卡' }).click();
  await expect(page.getByRole('img', { name: /\/join#/ })).toHaveCount(1);
});
