// A supervision order from the committee to the unit and back, on the desk and on paper.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, PHONE, test } from './journey';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const WORDS = '请说明逾期原因，制定追赶计划并书面答复';
const ANSWER = '已增派班组，本月内完成主体';

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('navigation', { name: '工作台栏目' })).toBeVisible();
}

async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await expect(page.getByLabel('账号')).toBeVisible();
}

async function openOrder(page: Page, number: string): Promise<void> {
  await page.getByRole('link', { name: '督办单' }).click();
  await page.getByRole('button', { name: number, exact: true }).click();
  await expect(page.getByRole('dialog', { name: number })).toContainText(WORDS);
}

/** A small picture made in the page, so that no file is needed. */
async function choosePicture(page: Page): Promise<void> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    for (const [place, colour] of ['#7a8b99', '#c9d3da', '#3c5161', '#e8eef1'].entries()) {
      context.fillStyle = colour;
      context.fillRect(place * 160, place * 40, 160, 400);
    }
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
  });
  const chooser = page.getByLabel('添加照片').and(page.locator('input'));
  await chooser.setInputFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) });
}

test.describe('an order', () => {
  test.use(DESKTOP);

  test('goes from the committee to the unit, back, and is settled', async ({ page }) => {
    await enter(page, 'unit');
    const unit = (await page.getByRole('heading', { level: 2 }).textContent()) ?? '';
    await leave(page);

    await enter(page, 'committee');
    await page.getByLabel('责任单位').selectOption({ label: unit });
    const row = page.locator('tbody tr').first();
    await expect(row).toContainText(unit);
    await row.getByRole('checkbox').click();
    await page.getByRole('region', { name: '已选 1 个点位' }).getByRole('button', { name: '督办' }).click();
    const issue = page.getByRole('dialog', { name: '发出督办单' });
    await expect(issue).toContainText(unit);
    await issue.getByRole('button', { name: '发出 1 份督办单' }).click();
    await expect(issue.getByText('请填写内容')).toBeVisible();
    await issue.getByLabel('督办内容').fill(WORDS);
    await expectAccessible(page);
    await keepPicture(page, 'desk-order-issue');
    await issue.getByRole('button', { name: '发出 1 份督办单' }).click();
    const told = await page.getByText(/已发出：.+号/).textContent();
    const number = /[^：]+〔\d{4}〕\d+号/.exec(told ?? '')?.[0] ?? '';
    await expect(row).toContainText(/督办中 \d+ 份/);
    await leave(page);

    await enter(page, 'unit');
    await expect(page.getByRole('button', { name: number, exact: true })).toBeVisible();
    await openOrder(page, number);
    await page.getByRole('button', { name: '答复', exact: true }).click();
    const answer = page.getByRole('dialog', { name: `答复 ${number}` });
    await answer.getByLabel('答复内容').fill(ANSWER);
    await choosePicture(page);
    await expect(answer.getByRole('img')).toBeVisible();
    await expectAccessible(page);
    await answer.getByRole('button', { name: '提交答复' }).click();
    await expect(page.getByText('答复已提交')).toBeVisible();
    await expect(page.getByRole('dialog', { name: number })).toContainText(ANSWER);
    await expect(page.getByRole('button', { name: '答复', exact: true })).toBeHidden();
    await leave(page);

    await enter(page, 'committee');
    await openOrder(page, number);
    await page.getByRole('button', { name: '退回重办' }).click();
    const back = page.getByRole('dialog', { name: `退回 ${number}` });
    await back.getByLabel('退回原因（必填）').fill('未附分周计划，请补充');
    await back.getByRole('button', { name: '确认退回' }).click();
    await expect(page.getByText('已退回', { exact: true })).toBeVisible();
    await leave(page);

    await enter(page, 'unit');
    await openOrder(page, number);
    await page.getByRole('button', { name: '答复', exact: true }).click();
    await answer.getByLabel('答复内容').fill('分周计划：第一周封顶，第二周装修');
    await answer.getByRole('button', { name: '提交答复' }).click();
    await expect(page.getByText('答复已提交')).toBeVisible();
    await leave(page);

    await enter(page, 'committee');
    await openOrder(page, number);
    const order = page.getByRole('dialog', { name: number, exact: true });
    await expect(order.getByRole('img', { name: '答复的第 1 张照片' })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-order');
    await order.getByRole('button', { name: '办结' }).click();
    await page
      .getByRole('dialog', { name: `办结 ${number}` })
      .getByRole('button', { name: '确认办结' })
      .click();
    await expect(order).toContainText('已办结');
  });

  test('is a letter on paper', async ({ page }) => {
    await enter(page, 'committee');
    await page.getByRole('link', { name: '督办单' }).click();
    await expect(page.locator('tbody tr').first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-orders');
    await page.locator('tbody tr').first().getByRole('button').first().click();
    await page.getByRole('link', { name: '打印函件' }).click();
    await expect(page.getByRole('heading', { name: '督办单' })).toBeVisible();
    await expect(page.getByRole('article')).toContainText(/人民代表大会常务委员会/);
    await expect(page.getByRole('navigation', { name: '工作台栏目' })).toBeHidden();
    await expectAccessible(page);
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('link', { name: '返回督办单' })).toBeHidden();
    await keepPicture(page, 'desk-order-letter');
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('orders are cards, and one can be read and answered', async ({ page }) => {
    await enter(page, 'unit');
    await page.getByRole('link', { name: '督办单' }).click();
    await page.getByRole('tab', { name: '待单位答复' }).click();
    await expect(page.locator('tbody tr').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.locator('tbody tr').first().getByRole('button').first().click();
    await page.getByRole('button', { name: '答复', exact: true }).click();
    await expect(page.getByRole('dialog').last()).toContainText('答复和照片会随督办单公开');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
