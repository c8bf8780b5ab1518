// A site's file as the place where things are decided: entering for a deputy, adopters, key sites, strike-off by two; at a desk and on a tablet.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, signIn, test } from './journey';
import { takePicture } from './pictures';

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const rows = (page: Page) => page.locator('tbody tr[id]');
const file = (page: Page) => page.getByRole('dialog').first();

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto('/desk#/review');
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
}

/** The number of a site, found by what its row says. */
async function openFirst(page: Page): Promise<string> {
  const button = rows(page).first().locator('td.site button');
  const name = (await button.textContent()) ?? '';
  await button.click();
  await expect(file(page)).toBeVisible();
  return name;
}

/** Nothing on the page is still being read. */
async function everythingIsRead(page: Page): Promise<void> {
  await expect(page.getByText('正在加载…')).toHaveCount(0);
  await expect(page.locator('.spinner')).toHaveCount(0);
}

/** Nothing of the dialog may be cut off at its side. */
async function expectNothingClipped(page: Page): Promise<void> {
  const beyond = await page.evaluate(() =>
    Array.from(document.querySelectorAll('dialog[open]'), (dialog) => dialog.scrollWidth - dialog.clientWidth),
  );
  expect(Math.max(0, ...beyond), 'pixels that a dialog hides at its side').toBeLessThanOrEqual(1);
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('staff enter what a deputy said by telephone, and it is marked', async ({ page }) => {
    await enter(page, 'committee');
    await openFirst(page);
    await file(page).getByRole('button', { name: '代录反馈' }).click();
    const dialog = page.getByRole('dialog', { name: '代代表录入反馈' });
    await expect(dialog.getByText('代表会收到通知，可以更正或声明撤下')).toBeVisible();
    await dialog.getByRole('button', { name: '提交代录' }).click();
    await expect(dialog.getByText('请填写').first()).toBeVisible();
    const deputy = dialog.getByLabel('代表', { exact: false }).first();
    if ((await deputy.inputValue()) === '') await deputy.selectOption({ index: 1 });
    await dialog.getByText('电话', { exact: true }).click();
    await dialog.getByLabel('代表所述（照录）').fill('电话里说：还没有动工，材料已经进场。');
    await dialog.getByLabel('用地或征迁').check();
    await expect(dialog.getByText('提交后：点位立即显示')).toBeVisible();
    await expectAccessible(page);
    await expectNothingClipped(page);
    await keepPicture(page, 'desk-file-enter');
    await dialog.getByRole('button', { name: '提交代录' }).click();
    await expect(page.getByText(/已代录，.+ 代表会收到通知/)).toBeVisible();
    await expect(
      file(page)
        .getByText(/代录（电话）/)
        .first(),
    ).toBeVisible();
    await file(page).getByRole('tab', { name: /^留痕/ }).click();
    await expect(file(page).getByText('代录反馈', { exact: true }).last()).toBeVisible();
  });

  test('an adoption is moved, with what it means said first', async ({ page }) => {
    await enter(page, 'committee');
    await openFirst(page);
    await file(page).getByRole('button', { name: '调整领办' }).click();
    const dialog = page.getByRole('dialog', { name: '调整领办代表' });
    await dialog.getByRole('button', { name: '确认调整' }).click();
    await expect(dialog.getByText('请选择原领办代表、新领办代表，或其中一位')).toBeVisible();
    await dialog.getByLabel('新领办代表').selectOption({ index: 1 });
    await dialog.getByLabel(/^说明/).fill('家就在附近，本人愿意');
    await expect(dialog.getByText(/今后 .+ 也要每月反馈/)).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-file-adopters');
    await dialog.getByRole('button', { name: '确认调整' }).click();
    await expect(page.getByText('领办已调整，双方会收到通知')).toBeVisible();
    await file(page).getByRole('tab', { name: /^留痕/ }).click();
    await expect(file(page).getByText('调整领办', { exact: true }).last()).toBeVisible();
  });

  test('one proposes to strike off and another confirms', async ({ page, browser, baseURL }) => {
    await enter(page, 'committee');
    await openFirst(page);
    await file(page).getByRole('button', { name: '更正状态' }).click();
    const correct = page.getByRole('dialog', { name: '更正点位状态' });
    await correct.getByText('已完成', { exact: true }).click();
    await correct.getByLabel('原因（必填）').fill('现场核实已完工');
    await correct.getByRole('button', { name: '确认更正' }).click();
    await expect(file(page).getByRole('button', { name: '销号', exact: true })).toBeVisible();
    const site = Number(/review\/(\d+)/.exec(page.url())?.[1]);
    const proposed = await page.evaluate(async (id) => {
      const { rev } = await (await fetch(`/api/sites/${id}`)).json();
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
      const body = JSON.stringify({ note: '现场核实，已通过验收', rev });
      return (await fetch(`/api/sites/${id}/strike-off-proposal`, { method: 'POST', headers, body })).status;
    }, site);
    expect(proposed).toBe(201);
    await page.reload();
    await expect(file(page).getByText(/您于 .+ 提出销号，等待另一人确认/)).toBeVisible();
    await expect(file(page).getByRole('button', { name: '确认销号' })).toHaveCount(0);
    await keepPicture(page, 'desk-file-proposal');
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ...(baseURL ? { baseURL } : {}),
    });
    const other = await context.newPage();
    await enter(other, 'working-committee');
    const mine = other.getByRole('region', { name: /等待确认的销号/ });
    // The demo's first township may not be the site's: then the county's committee withdraws what it proposed.
    if ((await mine.count()) > 0) {
      await mine.getByRole('button', { name: /查看/ }).first().click();
      await file(other).getByRole('button', { name: '确认销号' }).click();
      await other.getByRole('dialog', { name: '确认销号' }).getByRole('button', { name: '确认销号' }).click();
      await expect(file(other).getByText('已销号').first()).toBeVisible();
    } else {
      await file(page).getByRole('button', { name: '撤回' }).click();
      await page.getByRole('dialog', { name: '撤回销号' }).getByRole('button', { name: '撤回' }).click();
      await expect(page.getByText('已撤回')).toBeVisible();
    }
    await context.close();
  });
});

test.describe('on a tablet held upright', () => {
  test.use(TABLET);

  test('the committee’s pages stand without being cut or scrolled sideways', async ({ page }) => {
    await enter(page, 'committee');
    for (const at of ['review', 'orders', 'months', 'sites', 'joining', 'duty', 'imports']) {
      await page.goto(`/desk#/${at}`);
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
      await everythingIsRead(page);
      await expectNoSidewaysScroll(page);
      await keepPicture(page, `tablet-${at}`);
    }
    await page.goto('/desk#/review');
    await openFirst(page);
    await expectNothingClipped(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'tablet-file');
    await file(page).getByRole('button', { name: '代录反馈' }).click();
    await expectNothingClipped(page);
    await expectAccessible(page);
    await keepPicture(page, 'tablet-file-enter');
  });

  test('a key site tells the working committee why it is the county’s', async ({ page }) => {
    await enter(page, 'working-committee');
    await openFirst(page);
    const site = Number(/review\/(\d+)/.exec(page.url())?.[1]);
    const set = async (key_site: boolean) => {
      await signIn(page, 'committee');
      const status = await page.evaluate(
        async ([id, key]) => {
          const { rev } = await (await fetch(`/api/sites/${id}`)).json();
          const body = JSON.stringify({ key_site: key, reason: '全县重点工程', rev });
          return (
            await fetch(`/api/sites/${id}/key-site`, {
              method: 'PUT',
              headers: { 'content-type': 'application/json' },
              body,
            })
          ).status;
        },
        [site, key_site] as const,
      );
      expect(status).toBe(200);
      await signIn(page, 'working-committee');
    };
    await set(true);
    await page.reload();
    await expect(file(page).getByText('这是县级重点点位')).toBeVisible();
    await expect(file(page).getByRole('button', { name: '更正状态' })).toHaveCount(0);
    await expect(file(page).getByRole('button', { name: '调整领办' })).toHaveCount(0);
    await expect(file(page).getByRole('button', { name: '催办' })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'tablet-key-site');
    await set(false);
  });

  test('staff answer an order for a unit that cannot, and the unit sees it', async ({ page }) => {
    await enter(page, 'committee');
    await page.goto('/desk#/orders');
    const waiting = page.getByRole('tab', { name: /待答复|待单位答复/ });
    if ((await waiting.count()) > 0) await waiting.click();
    await page.locator('table tbody tr').first().getByRole('button').first().click();
    await page.getByRole('button', { name: '代单位答复' }).click();
    const dialog = page.getByRole('dialog', { name: /^代.+答复/ });
    await dialog.getByText('书面', { exact: true }).click();
    await dialog.getByLabel('单位的答复（照录）').fill('来函：材料已到，本月内复工。');
    await dialog.locator('input[type=file]').setInputFiles(await takePicture(page, '来函'));
    await expect(dialog.getByRole('img')).toBeVisible();
    await expectNothingClipped(page);
    await expectAccessible(page);
    await keepPicture(page, 'tablet-order-answer-for');
    await dialog.getByRole('button', { name: '提交代录' }).click();
    await expect(page.getByText('已代录答复，单位会收到通知')).toBeVisible();
    await expect(page.getByText(/代录（书面）/).first()).toBeVisible();
  });
});

test.describe('the unit', () => {
  test.use(TABLET);

  test('works on a tablet', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'unit');
    await page.goto('/desk#/unit');
    await page.reload();
    await expect(page.locator('main h1, main h2').first()).toBeVisible();
    await everythingIsRead(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'tablet-unit');
  });
});
