// The theme of a group on the phone, chosen on the desk; the roster's joining states and a leaving taken back; the deputies' year; a merger
// looked at before it is made.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, type Page, PHONE, signIn, test } from './journey';

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };

/** Looks at a page with one's own eyes when asked to. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['LOOK'];
  if (folder) await page.screenshot({ path: `${folder}/people-${name}.png` });
}

async function open(page: Page, login: string, room: string): Promise<void> {
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto(`/desk#/${room}`);
  await page.reload();
}

test.describe('on a phone', () => {
  test.use(PHONE);

  test('a deputy sees the sites of the group’s theme, what presses first, and can change nothing', async ({ page }) => {
    await page.goto('/deputy');
    await signIn(page, 'deputy');
    await page.reload();
    await page.getByRole('link', { name: '小组主题点位' }).click();
    await expect(page.getByRole('heading', { name: '小组主题点位' })).toBeVisible();
    const sites = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 3 }) });
    await expect(sites.first()).toBeVisible();
    await look(page, 'theme-phone');
    const all = await sites.count();
    const filters = page.getByRole('group', { name: '按紧要程度筛选' }).getByRole('button');
    await filters.nth(1).click();
    expect(await sites.count()).toBeLessThanOrEqual(all);
    await expect(page.getByRole('main').getByRole('button', { name: /催办|退回|领办/ })).toHaveCount(0);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });

  test('an excused month is told in the duty record, and sites taken on', async ({ page }) => {
    await page.goto('/deputy');
    await signIn(page, 'deputy');
    await page.goto('/deputy#/duty');
    await page.reload();
    await expect(page.getByText('不要求反馈，不算缺报')).toBeVisible();
    await expect(page.getByRole('heading', { name: '领办与移交' })).toBeVisible();
    await look(page, 'duty-phone');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

for (const [where, size] of [
  ['at a desk', DESKTOP],
  ['on a tablet', TABLET],
] as const) {
  test.describe(where, () => {
    test.use(size);

    test(`the deputies’ year is sorted by any column, ${where}`, async ({ page }) => {
      await open(page, 'committee', 'duty');
      const rows = page.locator('table[aria-label="代表年度履职"] tbody tr');
      await expect(rows.first()).toBeVisible();
      await page.getByRole('button', { name: /^积分/ }).click();
      const points = (place: number) => rows.nth(place).locator('td').last().innerText();
      expect(Number(await points(0))).toBeGreaterThanOrEqual(Number(await points(1)));
      await expect(page.getByRole('columnheader', { name: /积分/ })).toHaveAttribute('aria-sort', 'descending');
      await look(page, `year-${size.viewport?.width}`);
      await expectAccessible(page);
    });

    test(`a merger is looked at before it is made, ${where}`, async ({ page }) => {
      await open(page, 'committee', 'roster');
      await page.getByRole('tab', { name: '镇街' }).click();
      await page
        .getByRole('button', { name: /^并入他镇/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('并入哪个镇街').selectOption({ index: 1 });
      await expect(dialog.getByText('将一并转入的内容')).toBeVisible();
      await dialog.getByRole('button', { name: '并入他镇' }).click();
      await expect(dialog.getByText('请填写').first()).toBeVisible();
      await look(page, `merge-${size.viewport?.width}`);
      await expectAccessible(page);
    });
  });
}

test.describe('at a desk alone', () => {
  test.use(DESKTOP);

  test('a group’s projects are chosen, and the roster leads to the invitation', async ({ page }) => {
    await open(page, 'committee', 'roster');
    await expect(page.getByText('已开通').or(page.getByText('未邀请')).first()).toBeVisible();
    await look(page, 'roster');
    await page
      .getByRole('link', { name: /^邀请开通/ })
      .first()
      .click();
    await expect(page.getByText('从名册过来')).toBeVisible();
    await expect(page.getByRole('button', { name: '制作邀请' }).or(page.getByRole('region')).first()).toBeVisible();
    await look(page, 'invite');
    await page.goto('/desk#/roster');
    await page.getByRole('tab', { name: /^代表小组/ }).click();
    await look(page, 'groups');
    await page.getByRole('button', { name: /^更正/ }).first().click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('group', { name: '关注的项目' }).getByRole('checkbox').first()).toBeVisible();
    await look(page, 'group');
    await expectAccessible(page);
  });
});
