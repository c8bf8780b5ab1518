// The committee's last day of the month: who is missing, all reminded with one act, one excused and taken back, the file, the settings.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, type Page, test } from './journey';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk#/months');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('region', { name: /\d+月/ }).first()).toBeVisible();
}

const number = async (page: Page, name: string) =>
  Number(
    await page
      .getByRole('button', { name: new RegExp(`^${name} \\d+ 份`) })
      .locator('strong')
      .textContent(),
  );

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the last day of the month: look, remind, excuse, take back', async ({ page }) => {
    await enter(page, 'committee');
    const owed = await number(page, '应报');
    const missing = await number(page, '未报');
    expect(owed).toBe((await number(page, '已报')) + missing);
    await expectAccessible(page);
    await keepPicture(page, 'desk-month');

    await page.getByRole('tab', { name: /^代表 / }).click();
    await page
      .getByRole('button', { name: /未报 \d+ 份，查看名单/ })
      .nth(1)
      .click();
    const list = page.getByRole('dialog', { name: /未报/ });
    await expect(list.getByRole('row').nth(1)).toContainText('未报');
    await expectAccessible(page);
    await list
      .getByRole('button', { name: /列为例外/ })
      .first()
      .click();
    const excuse = page.getByRole('dialog', { name: /列为例外/ });
    await excuse.getByLabel('说明').fill('住院治疗');
    await expectAccessible(page);
    await excuse.getByRole('button', { name: '列为例外' }).click();
    await expect(page.getByRole('region', { name: '当月例外' })).toContainText('住院治疗');
    await expect.poll(() => number(page, '应报')).toBeLessThan(owed);

    await page.getByRole('button', { name: '提醒所有未报代表' }).click();
    const remind = page.getByRole('dialog', { name: '提醒未报的代表：全部' });
    await expect(remind.getByRole('status')).toContainText(/将提醒 \d+ 位代表/);
    await expectAccessible(page);
    await keepPicture(page, 'desk-month-remind');
    await remind.getByRole('button', { name: '发出提醒' }).click();
    await expect(page.getByText(/已提醒 \d+ 位代表/)).toBeVisible();
    await page.getByRole('button', { name: '提醒所有未报代表' }).click();
    await expect(remind.getByRole('status')).toContainText('没有需要提醒的代表');
    await page.keyboard.press('Escape');

    await page.getByRole('region', { name: '当月例外' }).getByRole('button', { name: /^撤销/ }).first().click();
    const undo = page.getByRole('dialog', { name: /撤销例外/ });
    await undo.getByLabel('撤销的理由').fill('提前出院');
    await undo.getByRole('button', { name: '撤销', exact: true }).click();
    await expect(page.getByRole('region', { name: '当月例外' })).toContainText('提前出院');
    await expect.poll(() => number(page, '应报')).toBe(owed);
  });

  test('a list leaves as a file that says what for', async ({ page }) => {
    // Rows with names are added up over a day: whoever has taken many out already waits for a second person.
    await enter(page, 'working-committee');
    await page.getByRole('button', { name: '导出名单' }).click();
    const dialog = page.getByRole('dialog', { name: /反馈名单/ });
    await dialog.getByLabel('用途').fill('主任会议材料');
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '导出文件' }).click();
    expect((await download).suggestedFilename()).toMatch(/month_reports.*\.xlsx$/);
  });

  test('a figure of the county is changed with its reason and stays on record', async ({ page }) => {
    await enter(page, 'committee');
    await page.goto('/desk#/settings');
    await page.getByLabel('补报期').fill('6');
    await expectAccessible(page);
    await page.getByLabel('改动的理由').fill('主任会议决定');
    await keepPicture(page, 'desk-settings');
    await page.getByRole('button', { name: '保存改动' }).click();
    await expect(page.getByText('设置已改，立即生效')).toBeVisible();
    await expect(page.getByRole('row', { name: /补报期 5 6/ })).toBeVisible();
    await page.getByLabel('补报期').fill('5');
    await page.getByLabel('改动的理由').fill('恢复原样');
    await page.getByRole('button', { name: '保存改动' }).click();
    await expect(page.getByRole('row', { name: /补报期 6 5/ })).toBeVisible();
  });

  test('the bulletin and the year print on A4', async ({ page }) => {
    await page.goto('/bulletins');
    await page
      .getByRole('link', { name: /年度报告/ })
      .first()
      .click();
    await expect(page.getByRole('img', { name: /计划与实际/ })).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    expect(pdf.length).toBeGreaterThan(20_000);
  });
});

test.describe('on a tablet', () => {
  test.use(TABLET);

  test('a working committee sees its township and nothing runs over the edge', async ({ page }) => {
    await enter(page, 'working-committee');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'tablet-month');
    await page.goto('/desk#/months');
    await expect(page.getByRole('tab', { name: /^镇街 1/ })).toBeVisible();
  });
});
