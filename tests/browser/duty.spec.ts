// The duty record: the committee makes a table of points, the deputy reads the year with every point's cause, contests one, the committee
// answers, and the answer stands in the record. The deputy's public page shows the year without points.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, PHONE, signIn, test } from './journey';

test.describe.configure({ mode: 'serial' });

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the committee makes the table by which points are counted', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'committee');
    await page.goto('/desk#/duty');
    await page.reload();
    await expect(page.getByRole('row', { name: /现行/ })).toBeVisible();
    await page.getByRole('button', { name: '制定新规则' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('依据').fill('第二版，主任会议通过');
    await keepPicture(page, 'duty-rule');
    await dialog.getByRole('button', { name: '制定新规则' }).click();
    await expect(page.getByRole('row', { name: /现行.*第二版，主任会议通过/ })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('every point has its cause, and one can be contested', async ({ page }) => {
    await page.goto('/deputy');
    await signIn(page, 'deputy');
    await page.goto('/deputy#/me');
    await page.reload();
    await page.getByRole('link', { name: '履职档案和积分' }).click();
    await expect(page.getByRole('heading', { name: /^履职档案/ })).toBeVisible();
    await expect(page.getByText('督查 +5').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'duty-record');
    await page
      .getByRole('button', { name: /^对这次计分有异议/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('说明理由').fill('当天在现场，手机没有定位信号');
    await dialog.getByRole('button', { name: '提出异议' }).click();
    await expect(page.getByText('等待答复').first()).toBeVisible();
    await keepPicture(page, 'duty-contested');
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('navigation')).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: '看我的公开页面' }).click();
    await expect(page.getByText('领办点位')).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'duty-public');
  });
});

test.describe('at a desk again', () => {
  test.use(DESKTOP);

  test('the committee answers, and the answer stands in the record', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'committee');
    await page.goto('/desk#/duty');
    await page.reload();
    const contest = page
      .getByRole('listitem')
      .filter({ has: page.getByText('当天在现场，手机没有定位信号', { exact: true }) });
    await expect(contest).toBeVisible();
    await keepPicture(page, 'duty-desk');
    await contest.getByRole('button', { name: /^答复/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('答复内容').fill('已核对照片，予以补分');
    await dialog.getByLabel('加减分').fill('2');
    await dialog.getByRole('button', { name: '送出答复' }).click();
    await expect(page.getByText('已答复：已核对照片，予以补分（2 分）')).toBeVisible();
    await signIn(page, 'deputy');
    await page.goto('/deputy#/duty');
    await expect(page.getByText('答复：已核对照片，予以补分', { exact: true })).toBeVisible();
    await expect(page.getByText('异议答复 +2').first()).toBeVisible();
  });
});
