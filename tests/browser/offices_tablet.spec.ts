// The offices behind the desk on a tablet held upright: the auditor searches and takes away, the administrator makes an account.
import { expect, expectAccessible, expectNoSidewaysScroll, keepPicture, type Page, signIn, test } from './journey';

test.use({ viewport: { width: 820, height: 1180 }, hasTouch: true });

async function enter(page: Page, login: string, path: string): Promise<void> {
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto(`/desk#/${path}`);
  await page.reload();
  await expect(page.locator('main h2').first()).toBeVisible();
}

async function stands(page: Page, picture: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, picture);
}

test('the auditor searches by person and act, and takes the lines away with a purpose', async ({ page }) => {
  await page.goto('/desk');
  await signIn(page, 'unit');
  await enter(page, 'auditor', 'audit');
  const rows = page.locator('main tbody tr');
  await expect(rows.first()).toBeVisible();
  await page.getByLabel('动作').selectOption({ label: '登录' });
  await page.getByLabel('操作人（姓名或账号）').fill('unit');
  await expect.poll(async () => (await rows.allTextContents()).every((row) => row.includes('登录'))).toBe(true);
  await expect(rows.filter({ hasText: '登录' }).first()).toBeVisible();
  await stands(page, 'tablet-audit');
  await page.getByRole('button', { name: /导出/ }).click();
  const dialog = page.getByRole('dialog', { name: /导出/ });
  await expect(dialog.getByRole('button', { name: '导出' })).toBeDisabled();
  await dialog.getByLabel('用途').fill('等级保护测评取证');
  await dialog.getByLabel('格式').selectOption({ label: 'CSV' });
  await stands(page, 'tablet-audit-export');
  const file = page.waitForEvent('download');
  await dialog.getByRole('button', { name: '导出' }).click();
  const taken = await file;
  expect(taken.suggestedFilename()).toMatch(/audit.*\.csv$/);
  const written = await (await taken.createReadStream()).toArray();
  const text = Buffer.concat(written).toString('utf8');
  expect(text).toContain('等级保护测评取证');
  expect(text).toContain('session.begin');
  await page.getByRole('button', { name: '清除条件' }).click();
  await expect(rows.first()).toContainText('导出');
});

test('the administrator makes an account with its right and place, and its owner comes in', async ({
  page,
  browser,
  baseURL,
}) => {
  await enter(page, 'admin', 'accounts');
  await page.getByRole('button', { name: '新建账号' }).click();
  const dialog = page.getByRole('dialog', { name: '新建账号' });
  const login = `tablet-${Date.now()}`;
  const password = 'a-password-nobody-guesses-7';
  await dialog.getByLabel('账号').fill(login);
  await dialog.getByLabel('姓名或单位').fill('平板上新建的同志');
  await dialog.getByLabel('范围').selectOption({ index: 1 });
  await dialog.getByLabel('当面给一个密码').check();
  await dialog.getByLabel('初始密码').fill(password);
  await stands(page, 'tablet-account-new');
  await dialog.getByRole('button', { name: '创建' }).click();
  await expect(page.getByText(`账号 ${login} 已创建`)).toBeVisible();
  await page.getByLabel('账号或姓名').fill(login);
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: login })).toBeVisible();
  await stands(page, 'tablet-accounts');
  const theirs = await browser.newContext(baseURL ? { baseURL, locale: 'zh-CN' } : {});
  const owner = await theirs.newPage();
  await owner.goto('/desk');
  await owner.getByLabel('账号').fill(login);
  await owner.getByLabel('密码', { exact: true }).fill(password);
  await owner.getByRole('button', { name: '登录', exact: true }).click();
  // What the administrator chose opens nothing, and does not become the owner's by being typed again.
  await expect(owner.getByText('或是由他人设置的。请设置自己的新密码')).toBeVisible();
  expect(await owner.evaluate(async () => (await fetch('/api/session')).status)).toBe(401);
  await stands(owner, 'tablet-first-password');
  await owner.getByLabel('新密码', { exact: true }).fill(password);
  await owner.getByRole('button', { name: '继续', exact: true }).click();
  await expect(owner.getByText('这是他人为您设置的密码，请另选一个')).toBeVisible();
  await owner.getByLabel('新密码', { exact: true }).fill(`${password}-of-my-own`);
  await owner.getByRole('button', { name: '继续', exact: true }).click();
  await expect(owner.getByText('平板上新建的同志').first()).toBeVisible();
  await theirs.close();
});
