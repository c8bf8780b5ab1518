// Safety of accounts: a forgotten password by short message on a phone; one's own password; a second factor from the QR code to the recovery
// code; the three administrators, each with their own page; the auditor's search and export; a desk that nobody sits at.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
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
import { makeMember } from './somebody_else';
import { type StubGateway, serveStubGateway } from './stub_gateway';

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const DEMO = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const FIRST = '稻花香里说丰年听取蛙声一片';
const SECOND = '七八个星天外两三点雨山前';

const root = join(__dirname, '..', '..');
const port = Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097);
const dataDir = join(tmpdir(), `minsheng-map-browser-${port}`);

/** Another server over the journeys' county, with other settings. */
async function serveBeside(
  offset: number,
  settings: Record<string, string>,
): Promise<{ server: ChildProcess; url: string }> {
  const url = `http://127.0.0.1:${port + offset}`;
  const server = spawn(join(root, 'target/debug/minsheng-map'), ['serve'], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: `postgres://app@localhost/minsheng?host=${dataDir}/socket`,
      MINSHENG_DATA_DIR: dataDir,
      MINSHENG_LISTEN: new URL(url).host,
      MINSHENG_RUN_JOBS: 'false',
      ...settings,
    },
    stdio: 'ignore',
  });
  await expect(async () => expect((await fetch(`${url}/readyz`)).ok).toBe(true)).toPass({ timeout: 60_000 });
  return { server, url };
}

/** The code that an authenticator shows for a secret as it is told in letters. */
function codeOf(secret: string, at = Date.now()): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/ /g, '')].map((each) => letters.indexOf(each).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const tag = createHmac('sha1', key).update(step).digest();
  const number = tag.readUInt32BE((tag.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** As after closing the browser: nothing of the page is under way any more that could bring its session back. */
async function forgetSession(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.context().clearCookies();
}

async function call<Body>(page: Page, method: string, path: string, body: unknown): Promise<Body> {
  return page.evaluate(
    async ([verb, address, content]) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      const answer = await fetch(address, { method: verb, headers, body: JSON.stringify(content) });
      if (!answer.ok) throw new Error(`${verb} ${address}: ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    [method, path, body] as const,
  );
}

/** A committee's account of this journey's own, whose owner has chosen the password `FIRST`. */
async function makeAccount(browser: Browser): Promise<string> {
  const login = `journey-${Date.now()}`;
  await makeMember(browser, login, FIRST);
  return login;
}

async function enter(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/desk');
  await page.getByLabel('手机号码或账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

const inside = (page: Page) => page.getByRole('navigation', { name: '工作台栏目' });

async function go(page: Page, name: string): Promise<void> {
  await inside(page).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
}

test.describe('a forgotten password, on a phone', () => {
  let gateway: StubGateway;
  let beside: { server: ChildProcess; url: string };

  test.beforeAll(async () => {
    gateway = await serveStubGateway();
    beside = await serveBeside(1100, { MINSHENG_SMS_URL: gateway.address });
  });

  test.afterAll(() => {
    beside.server.kill('SIGTERM');
    gateway.server.close();
  });

  test.use({ ...PHONE, baseURL: `http://127.0.0.1:${port + 1100}` });

  test('comes back by a code, and is then changed by its owner', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'committee');
    const list = await page.evaluate(async () => (await fetch('/api/joining?standing=not_invited')).json());
    const { deputy_id } = list.items.at(-1) as { deputy_id: number };
    const { phone } = await call<{ phone: string }>(page, 'POST', `/api/deputies/${deputy_id}/phone-views`, {});
    const made = await call<{ items: { link: string }[] }>(page, 'POST', '/api/invitations', {
      deputies: [deputy_id],
      valid_days: 7,
    });
    const token = new URL(made.items[0]?.link ?? '').hash.slice(1);
    await forgetSession(page);
    await page.goto('/deputy');
    await call(page, 'POST', '/api/invitations/redemption', { token, phone, password: FIRST });

    await page.getByRole('link', { name: '代表找回密码' }).click();
    await page.getByLabel('手机号码').fill(phone);
    await page.getByRole('button', { name: /验证码/ }).click();
    await expect.poll(() => gateway.codeFor(phone)).toMatch(/^\d{6}$/);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.getByRole('textbox', { name: '验证码' }).fill('000000');
    await page.getByLabel('新密码').fill(SECOND);
    await page.locator('button[type=submit]').click();
    await expect(page.getByText('验证码不正确或已失效')).toBeVisible();
    await keepPicture(page, 'safety-forgotten-phone');
    await page.getByRole('textbox', { name: '验证码' }).fill(gateway.codeFor(phone) ?? '');
    await page.locator('button[type=submit]').click();
    await page.waitForURL(/\/deputy/);
    await expect(page.getByRole('navigation', { name: '主导航' })).toBeVisible();

    await page.goto('/deputy#/me');
    await page.getByRole('button', { name: '修改密码' }).click();
    const dialog = page.getByRole('dialog', { name: '修改密码' });
    await dialog.getByLabel('原密码').fill('not the password at all');
    await dialog.getByLabel('新密码').fill(FIRST);
    await dialog.getByRole('button', { name: '修改密码' }).click();
    await expect(dialog.getByText('密码不对，请核对')).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'safety-password-phone');
    await dialog.getByLabel('原密码').fill(SECOND);
    await dialog.getByRole('button', { name: '修改密码' }).click();
    await expect(page.getByText('密码已修改，其他设备已退出')).toBeVisible();
    await expect(page.getByText('本机')).toBeVisible();
    await page.getByRole('button', { name: '退出其他所有设备' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '退出其他所有设备' }).click();
    await expect(page.getByText('没有其他设备登录')).toBeVisible();
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'safety-me-phone');
    await chooseFor(page, { language: 'en', large: true });
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Safety of the account' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('a second factor from the QR code to the recovery code, and its reset', async ({ page, browser }) => {
    const login = await makeAccount(browser);
    await enter(page, login, FIRST);
    await go(page, '我的登录');
    await page.getByRole('button', { name: '开启两步验证' }).click();
    const dialog = page.getByRole('dialog', { name: '开启两步验证' });
    await dialog.getByLabel('登录密码').fill(FIRST);
    await dialog.getByRole('button', { name: '继续' }).click();
    await expect(dialog.getByRole('img', { name: '给验证器扫描的二维码' })).toBeVisible();
    const secret = (await dialog.locator('.key code').textContent()) ?? '';
    await expectAccessible(page);
    await keepPicture(page, 'safety-factor');
    await dialog.getByLabel('验证码').fill('000000');
    await dialog.getByRole('button', { name: '继续' }).click();
    await expect(dialog.getByText('验证码不对，或已经用过')).toBeVisible();
    await dialog.getByLabel('验证码').fill(codeOf(secret));
    await dialog.getByRole('button', { name: '继续' }).click();
    await expect(dialog.getByRole('listitem')).toHaveCount(10);
    const recovery = (await dialog.locator('ol code').nth(2).textContent()) ?? '';
    await keepPicture(page, 'safety-recovery-codes');
    await dialog.getByRole('button', { name: '我已保存好，继续' }).click();
    await expect(page.getByText('已开启', { exact: true })).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: '退出', exact: true }).click();

    await enter(page, login, FIRST);
    await expect(page.getByText('请打开手机上的验证器')).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'safety-code');
    await page.getByLabel('验证码').fill('123123');
    await page.getByRole('button', { name: '继续' }).click();
    await expect(page.getByText('验证码不对，或已经用过')).toBeVisible();
    await page.getByLabel('验证码').fill(recovery.toUpperCase());
    await page.getByRole('button', { name: '继续' }).click();
    await expect(inside(page)).toBeVisible();
    await forgetSession(page);
    await enter(page, login, FIRST);
    await page.getByLabel('验证码').fill(codeOf(secret, Date.now() + 30_000));
    await page.getByRole('button', { name: '继续' }).click();
    await expect(inside(page)).toBeVisible();
    await forgetSession(page);

    await enter(page, 'security', DEMO);
    await expect(page.getByRole('heading', { name: '安全管理', level: 2 })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'safety-security');
    await expect(page.getByRole('link', { name: '审计日志' })).toBeHidden();
    await go(page, '账号');
    await expect(page.getByRole('button', { name: '新建账号' })).toBeHidden();
    await page.getByLabel('账号或姓名').fill(login);
    const account = page.getByRole('main').getByRole('listitem').filter({ hasText: login });
    await account.getByRole('button', { name: /^重置两步验证/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '重置两步验证' }).click();
    await expect(page.getByText('周工 的两步验证已重置')).toBeVisible();
    await forgetSession(page);
    await enter(page, login, FIRST);
    await expect(inside(page)).toBeVisible();
  });

  test('the auditor finds lines by person, result and day, and takes them away with a reason', async ({ page }) => {
    await enter(page, 'auditor', DEMO);
    await expect(page.locator('tbody tr').first()).toBeVisible();
    await page.getByLabel('操作人（姓名或账号）').fill('security');
    await page.getByLabel('动作').selectOption({ label: '重置两步验证' });
    await expect(page.locator('tbody tr')).toHaveCount(1);
    await page.locator('summary').first().click();
    await expect(page.getByText('原已开启')).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'safety-audit');
    await page.getByRole('button', { name: /导出/ }).click();
    const dialog = page.getByRole('dialog', { name: /导出/ });
    await expect(dialog.getByRole('button', { name: '导出' })).toBeDisabled();
    await dialog.getByLabel('用途').fill('年度等级保护测评取证');
    await dialog.getByLabel('格式').selectOption('csv');
    await expectAccessible(page);
    await keepPicture(page, 'safety-audit-export');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '导出' }).click();
    const file = await readFile((await (await download).path()) ?? '', 'utf8');
    expect(file).toContain('年度等级保护测评取证');
    expect(file).toContain('second_factor.reset');
    await page.getByRole('button', { name: '清除条件' }).click();
    await page.getByLabel('动作').selectOption({ label: '导出审计日志' });
    await expect(page.locator('tbody tr')).toHaveCount(1);
  });

  test('a desk that nobody sits at counts down and signs out, and what was typed is there again', async ({
    page,
    browser,
  }) => {
    const login = await makeAccount(browser);
    await page.clock.install();
    await enter(page, login, FIRST);
    await go(page, '点位');
    await page.getByRole('searchbox', { name: '搜索' }).fill('写了一半');
    await page.clock.fastForward('00:20:00');
    await expect(page.getByRole('dialog', { name: '您还在吗？' })).toBeHidden();
    await page.clock.fastForward('00:06:45');
    const warning = page.getByRole('dialog', { name: '您还在吗？' });
    await expect(warning).toBeVisible();
    await expect(warning.getByRole('timer')).toContainText(/1 分 \d+ 秒|2 分 0 秒/);
    await expectAccessible(page);
    await keepPicture(page, 'safety-idle');
    await warning.getByRole('button', { name: '继续使用' }).click();
    await expect(warning).toBeHidden();
    await page.clock.fastForward('00:29:00');
    await page.clock.runFor(2000);
    const gone = page.getByRole('dialog', { name: '登录' });
    await expect(gone).toContainText('已自动退出');
    await expect(inside(page)).toBeHidden();
    await expect.poll(() => page.evaluate(async () => (await fetch('/api/session')).status)).toBe(401);
    await expectAccessible(page);
    await keepPicture(page, 'safety-left');
    await gone.getByLabel('手机号码或账号').fill(login);
    await gone.getByLabel('密码', { exact: true }).fill(FIRST);
    await gone.getByRole('button', { name: '登录', exact: true }).click();
    await expect(inside(page)).toBeVisible();
    await expect(page.getByRole('searchbox', { name: '搜索' })).toHaveValue('写了一半');
  });
});

test.describe('under graded protection, on a tablet', () => {
  let beside: { server: ChildProcess; url: string };

  test.beforeAll(async () => {
    beside = await serveBeside(1200, { MINSHENG_CONFIRM_ACCOUNTS: 'true', MINSHENG_SECOND_FACTOR: 'staff' });
  });

  test.afterAll(() => void beside.server.kill('SIGTERM'));

  test.use({ ...TABLET, baseURL: `http://127.0.0.1:${port + 1200}` });

  /** Lets whoever holds a second factor just now in again. */
  let recovery: string | null = null;

  /** Through the second factor that is wanted here. */
  async function enterWithFactor(page: Page, login: string, password: string): Promise<void> {
    await enter(page, login, password);
    await expect(page.getByText('本县要求工作人员开启两步验证')).toBeVisible();
    const secret = (await page.locator('.key code').textContent()) ?? '';
    await page.getByLabel('验证码').fill(codeOf(secret));
    await page.getByRole('button', { name: '继续' }).click();
    const codes = page.locator('ol code');
    await expect(codes).toHaveCount(10);
    recovery = await codes.first().textContent();
    await page.getByRole('button', { name: '我已保存好，继续' }).click();
    await expect(inside(page)).toBeVisible();
  }

  /** Gives back what the other journeys sign in with: the first server wants no second factor. */
  async function forgetFactor(page: Page): Promise<void> {
    const origin = `http://127.0.0.1:${port}`;
    const held = await page.context().cookies();
    const cookie = held.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), origin, cookie };
    const body = JSON.stringify({ password: DEMO, code: recovery });
    const answer = await fetch(`${origin}/api/me/second-factor/removal`, { method: 'POST', headers, body });
    expect(answer.status).toBe(204);
    recovery = null;
    await forgetSession(page);
  }

  // Whatever became of the journey: nobody after it can sign in as the administrator otherwise.
  test.afterEach(async ({ page }) => {
    if (recovery !== null) await forgetFactor(page);
  });

  test('the administrator’s new account waits for the security administrator', async ({ page }) => {
    const login = `tablet-${Date.now()}`;
    await enterWithFactor(page, 'admin', DEMO);
    await expectAccessible(page);
    await page.getByRole('button', { name: '新建账号' }).click();
    const dialog = page.getByRole('dialog', { name: '新建账号' });
    await dialog.getByLabel('账号').fill(login);
    await dialog.getByLabel('姓名或单位').fill('新来的同志');
    await dialog.getByLabel('当面给一个密码').check();
    await dialog.getByLabel('初始密码').fill(FIRST);
    const another = dialog.getByRole('button', { name: '再加一项权限' });
    for (const alone of ['系统管理员', '安全管理员', '审计员']) {
      await dialog.getByLabel('角色').selectOption({ label: alone });
      await expect(another, 'has no say over content').toBeHidden();
    }
    await expect(dialog.getByText('审计员的账号须经安全管理员确认')).toBeVisible();
    await dialog.getByLabel('角色').selectOption({ label: '镇街人大工委' });
    await another.click();
    const beside = dialog.getByLabel('角色').nth(1);
    await expect(beside).toBeVisible();
    for (const other of ['系统管理员', '安全管理员', '审计员'])
      await expect(beside.locator('option', { hasText: other }), 'held by different people').toHaveCount(0);
    await keepPicture(page, 'safety-three');
    await dialog
      .getByRole('button', { name: /移除|去掉|删除/ })
      .last()
      .click();
    await dialog.getByLabel('范围').selectOption({ index: 1 });
    await dialog.getByRole('button', { name: '创建' }).click();
    await expect(page.getByText(`账号 ${login} 已创建，等待安全管理员确认后可以登录`)).toBeVisible();
    await forgetFactor(page);

    await enter(page, login, FIRST);
    await expect(page.getByText('正等待安全管理员确认')).toBeVisible();
    await enterWithFactor(page, 'security', DEMO);
    await expect(page.getByText(/\d+ 个账号等待您确认/)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'safety-security-tablet');
    await page.getByRole('link', { name: '去确认' }).click();
    await page.getByLabel('只看等待确认的').check();
    const account = page.getByRole('main').getByRole('listitem').filter({ hasText: login });
    await expect(account).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'safety-accounts-tablet');
    await account.getByRole('button', { name: /^确认/ }).click();
    await expect(page.getByText('已确认，新来的同志 可以登录')).toBeVisible();
    await forgetFactor(page);

    await enterWithFactor(page, 'auditor', DEMO);
    await page.getByLabel('动作').selectOption({ label: '确认账号' });
    await expect(page.locator('tbody tr').first()).toContainText('安全管理员');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'safety-audit-tablet');
    await forgetFactor(page);
  });
});
