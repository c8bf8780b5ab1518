// The deputy's month on a phone: sign in, see what is owed, report with a photograph, hold the receipt, and the public pin has changed.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, keepPicture, PHONE, test } from './journey';
import { takePicture } from './pictures';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';

test.use({ ...PHONE, geolocation: { longitude: 120, latitude: 30.5, accuracy: 12 }, permissions: ['geolocation'] });

async function signInByForm(page: Page, login: string): Promise<void> {
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

async function openMonth(page: Page, login: string): Promise<void> {
  await page.goto('/deputy');
  await signInByForm(page, login);
  await expect(page.getByRole('heading', { name: /月督查反馈/ })).toBeVisible();
}

/** Opens the form of a site that owes a report and is not completed yet, or of one to amend when none is left; gives the site's number. */
async function openForm(page: Page): Promise<number> {
  const owed = page.getByRole('article').filter({ hasNotText: '已完成' }).filter({ hasText: '填写反馈' });
  const chosen = (await owed.count()) > 0 ? owed : page.getByRole('article').filter({ hasText: /填写反馈|修改反馈/ });
  await chosen
    .first()
    .getByRole('link', { name: /填写反馈|修改反馈/ })
    .click();
  await expect(page.getByRole('heading', { name: /^督查反馈/ })).toBeVisible();
  return Number(/sites\/(\d+)/.exec(page.url())?.[1]);
}

async function fillIn(page: Page, words: string): Promise<void> {
  await page.getByText('已建成或办结').click();
  const pictures = page.getByRole('img', { name: /^第 \d 张照片/ });
  const before = await pictures.count();
  await page.locator('input[type=file][multiple]').setInputFiles(await takePicture(page, words));
  await expect(pictures).toHaveCount(before + 1);
  await page.getByRole('button', { name: '质量问题' }).click();
  await page.getByLabel('说明情况').fill(words);
}

async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: '预览并提交' }).click();
  await expect(page.getByText('提交后，公开地图上这个点位将显示为')).toBeVisible();
  await page.getByRole('button', { name: '确认提交' }).click();
}

interface Reported {
  words: string;
  state: string;
  missing_photos: string[];
}

async function reportsSaying(page: Page, siteId: number, words: string): Promise<Reported[]> {
  const answer = await page.request.get(`/api/sites/${siteId}/reports`);
  const { items } = (await answer.json()) as { items: Reported[] };
  return items.filter((report) => report.words === words);
}

test('a deputy reports with a photograph, and the public pin changes while others look at it', async ({
  page,
  context,
}) => {
  await openMonth(page, 'deputy');
  await expect(page.getByText(/还剩 \d+ 天|今天截止/)).toBeVisible();
  await expect(page.getByText(/已反馈 \d+，应反馈 \d+/)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await keepPicture(page, 'deputy-month');
  const siteId = await openForm(page);
  const site = (await (await page.request.get(`/api/sites/${siteId}`)).json()) as { code: string };
  const onlooker = await context.newPage();
  await onlooker.goto(`/sites/${site.code}`);
  const standing = onlooker.getByRole('article').first().getByRole('status').first();
  await expect(standing).not.toContainText('已完成');

  await fillIn(page, '已经建成，正在办理移交');
  await expect(page.getByText(/草稿已自动保存/)).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, 'deputy-report');
  await submit(page);

  await expect(page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
  await expect(page.getByText('1 张，全部收到')).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, 'deputy-receipt');
  await expect(standing).toContainText('已完成');
  await expect(standing).toContainText('100%');
  expect(await reportsSaying(page, siteId, '已经建成，正在办理移交')).toMatchObject([
    { state: 'standing', missing_photos: [] },
  ]);

  await page.getByRole('button', { name: '回到本月' }).click();
  await expect(page.getByRole('heading', { name: /^已反馈/ })).toBeVisible();
});

test('an answer lost on the way leaves one report and the same receipt', async ({ page }) => {
  await openMonth(page, 'deputy');
  const siteId = await openForm(page);
  const words = '信号不好时提交的反馈';
  await fillIn(page, words);
  const sent: string[] = [];
  // The server gets the report; the phone never hears of it.
  await page.route('**/api/reports/*', async (route) => {
    sent.push(`${route.request().url()} ${route.request().postData()}`);
    if (sent.length === 1) {
      await route.fetch();
      await route.abort('connectionreset');
    } else {
      await route.continue();
    }
  });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();
  await page.getByRole('button', { name: '再试一次' }).click();
  await expect(page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
  expect(sent).toHaveLength(2);
  expect(sent[1]).toBe(sent[0]);
  expect(await reportsSaying(page, siteId, words)).toHaveLength(1);
});

test('the form says what is missing before anything is sent', async ({ page }) => {
  await openMonth(page, 'deputy2');
  await openForm(page);
  await page.getByRole('button', { name: '预览并提交' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '请选择现场状态' })).toBeVisible();
  await page.getByText('已建成或办结').click();
  await page.getByRole('button', { name: '预览并提交' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '请至少拍一张照片' })).toBeVisible();
  await page.locator('input[type=file][multiple]').setInputFiles({
    name: '说明.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('not a picture'),
  });
  await expect(page.getByText('这个文件不是能识别的照片')).toBeVisible();
});

test('a draft outlives the page, and a report outlives the end of the sign-in', async ({ page }) => {
  await openMonth(page, 'deputy2');
  await openForm(page);
  await fillIn(page, '写到一半关掉了页面');
  await expect(page.getByText(/草稿已自动保存/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('说明情况')).toHaveValue('写到一半关掉了页面');
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();

  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
  await submit(page);
  await expect(page.getByText('登录已失效，请重新登录。您填写的内容都还在。')).toBeVisible();
  await signInByForm(page, 'deputy2');
  await expect(page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
});

test('a wrong password is told in plain words', async ({ page }) => {
  await page.goto('/deputy');
  await expectAccessible(page);
  await page.getByLabel('账号').fill('deputy');
  await page.getByLabel('密码', { exact: true }).fill('this is not the password');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('账号或密码不正确');
});

test('every page holds in large type and in English', async ({ page }) => {
  await openMonth(page, 'deputy2');
  await page.getByRole('button', { name: /大字版/ }).click();
  for (const name of ['month', 'notices', 'record', 'me']) {
    await page.goto(`/deputy#/${name}`);
    await expect(page.getByRole('heading').nth(1)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
  await page.goto('/deputy#/month');
  await page
    .getByRole('link', { name: /填写反馈|修改反馈|继续填写|重新反馈/ })
    .first()
    .click();
  const choices = page.getByRole('radiogroup').locator('label');
  await expect(choices).toHaveCount(3);
  for (const choice of await choices.all()) expect((await choice.boundingBox())?.height).toBeGreaterThanOrEqual(60);
  await page.getByRole('button', { name: /English/ }).click();
  await expect(page.getByRole('heading', { name: 'How does it stand?' })).toBeVisible();
  await expectNoSidewaysScroll(page);
});
