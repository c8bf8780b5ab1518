// Lists leave the desk as files; many rows with names take two persons; a reminder just sent is taken back with one press.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, type Page, test } from './journey';
import { setFigure } from './somebody_else';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };

async function enter(page: Page, login: string, hash: string): Promise<void> {
  await page.goto(`/desk#/${hash}`);
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('navigation').first()).toBeVisible();
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('every page with a list gives its file', async ({ page }) => {
    test.slow();
    await enter(page, 'committee', 'sites');
    for (const [hash, title] of [
      ['sites', '全部点位'],
      ['orders', '督办单'],
      ['offers', '领办'],
      ['plan', '项目'],
      ['roster', '代表'],
      ['joining', '代表'],
      ['duty', '履职'],
      ['deliveries', '通知'],
      ['imports', '导入'],
      ['notices', '通知'],
    ] as const) {
      await page.goto(`/desk#/${hash}`);
      const take = page.getByRole('main').getByRole('button', { name: /^导出/ }).first();
      await expect(take, `${hash} ${title}`).toBeVisible();
      await take.click();
      const dialog = page.getByRole('dialog', { name: /^导出：/ });
      await dialog.getByLabel('用途').fill('主任会议材料');
      const download = page.waitForEvent('download');
      await dialog.getByRole('button', { name: '导出文件' }).click();
      expect((await download).suggestedFilename(), hash).toMatch(/\.xlsx$/);
      await expect(dialog).toBeHidden();
    }
  });

  test('many rows with names wait for a second person, who sees what for', async ({ page, browser }) => {
    await setFigure(browser, 'personal_export_rows', 1);
    try {
      await enter(page, 'working-committee', 'joining');
      await page.getByRole('main').getByRole('button', { name: /^导出/ }).click();
      const dialog = page.getByRole('dialog', { name: /^导出：/ });
      await dialog.getByLabel('用途').fill('换届通讯录');
      await dialog.getByRole('button', { name: '导出文件' }).click();
      const waiting = page.getByRole('region', { name: /待复核的导出/ });
      await expect(waiting).toContainText('等同权限的另一人复核');
      await expectAccessible(page);
      await keepPicture(page, 'desk-export-waiting');

      await page.context().clearCookies();
      await page.reload();
      await enter(page, 'committee', 'review');
      await expect(waiting).toContainText('换届通讯录');
      await expectAccessible(page);
      await keepPicture(page, 'desk-export-second');
      await waiting
        .getByRole('button', { name: /^同意导出/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      await expect(page.getByText(/已同意/)).toBeVisible();

      await page.context().clearCookies();
      await page.reload();
      await enter(page, 'working-committee', 'joining');
      await expect(waiting).toContainText('已复核');
      const download = page.waitForEvent('download');
      await waiting.getByRole('button', { name: /^下载/ }).first().click();
      expect((await download).suggestedFilename()).toMatch(/joining.*\.xlsx$/);
    } finally {
      await setFigure(browser, 'personal_export_rows', 1000);
    }
  });

  test('a reminder is taken back from the toast, and both stay in the file', async ({ page }) => {
    await enter(page, 'committee', 'review');
    const row = page.getByRole('main').locator('tbody tr').first();
    await row.getByRole('button', { name: '催办' }).click();
    await page.getByRole('button', { name: '发出催办' }).click();
    const undo = page.getByRole('status').getByRole('button', { name: '撤销', exact: true });
    await expect(undo).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-reminder-undo');
    await undo.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText(/已撤销 \d+ 个点位的催办/)).toBeVisible();
    await row.locator('td.site button').click();
    const file = page.getByRole('dialog');
    await file.getByRole('tab', { name: /^留痕/ }).click();
    await expect(file.getByText('撤销催办').first()).toBeVisible();
    await file.getByRole('tab', { name: /^通知/ }).click();
    await keepPicture(page, 'desk-file-taken-back');
  });

  test('after a reload it is taken back in the site’s file', async ({ page }) => {
    await enter(page, 'committee', 'review');
    const row = page.getByRole('main').locator('tbody tr').nth(1);
    await row.getByRole('button', { name: '催办' }).click();
    await page.getByRole('button', { name: '发出催办' }).click();
    await expect(page.getByText(/已发出 \d+ 条催办|催办已记录/)).toBeVisible();
    await row.locator('td.site button').click();
    await page.reload();
    const file = page.getByRole('dialog');
    await file.getByRole('tab', { name: /^通知/ }).click();
    await file.getByRole('button', { name: '撤销这次催办' }).first().click();
    await expect(file.getByText(/撤销，没有送达/).first()).toBeVisible();
  });

  test('a field that was corrected is no longer blamed', async ({ page }) => {
    await enter(page, 'committee', 'sites');
    await page.getByRole('button', { name: '新增点位' }).click();
    const form = page.getByRole('dialog', { name: '新增点位' });
    await form.getByRole('button', { name: /保存|录入/ }).click();
    const name = form.getByLabel(/点位名称/);
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await name.fill('清溪小学扩建');
    await expect(name).not.toHaveAttribute('aria-invalid', 'true');
    await name.fill('');
    await expect(name).toHaveAttribute('aria-invalid', 'true');
  });
});

test.describe('on a tablet', () => {
  test.use(TABLET);

  test('the lists become cards and nothing is wider than the page', async ({ page }) => {
    await enter(page, 'committee', 'sites');
    for (const hash of ['sites', 'orders', 'joining', 'duty', 'deliveries', 'offers', 'months', 'imports']) {
      await page.goto(`/desk#/${hash}`);
      await expect(page.getByRole('main').getByRole('heading', { level: 2 }).first()).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
  });
});
