// What is shown of people: telephone numbers without their middle until somebody asks for one, on record; what a new password must be, said before
// it is typed and ticked off as it is typed.
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, PHONE, signIn, test } from './journey';

const MASKED = /^1\d{2}\*{4}\d{4}$/;

for (const [name, size] of [
  ['desk', DESKTOP],
  ['phone', PHONE],
] as const) {
  test.describe(`at the size of a ${name}`, () => {
    test.use(size);

    test('a number is shown whole by one click, hidden again, and each look is on record', async ({ page }) => {
      await page.goto('/desk');
      await signIn(page, 'committee');
      await page.goto('/desk#/roster');
      await page.reload();
      const show = page.getByRole('button', { name: /^显示完整号码/ });
      await expect(show.first()).toBeVisible();
      await expect(page.getByText(MASKED).first()).toBeVisible();
      await expect(page.locator('main')).not.toContainText(/1\d{10}/);
      await expectAccessible(page);
      await keepPicture(page, `numbers-${name}`);
      await show.first().click();
      const whole = page.getByRole('link', { name: /^1\d{10}$/ });
      await expect(whole).toHaveAttribute('href', /^tel:1\d{10}$/);
      await expect(whole).toHaveCount(1);
      await expectNoSidewaysScroll(page);
      await keepPicture(page, `numbers-${name}-shown`);
      await page.getByRole('button', { name: /^隐藏/ }).click();
      await expect(whole).toHaveCount(0);
      await page.goto('/desk#/joining');
      await expect(page.getByRole('heading', { name: '代表开通' })).toBeVisible();
      await expect(show.first()).toBeVisible();
      await expect(page.locator('main')).not.toContainText(/1\d{10}/);
      await expectNoSidewaysScroll(page);
      await keepPicture(page, `numbers-joining-${name}`);
      await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
      await page.goto('/desk');
      await signIn(page, 'auditor');
      const lines = await page.evaluate(
        async () => (await (await fetch('/api/audit?action=deputy.view_phone')).json()).items.length,
      );
      expect(lines).toBeGreaterThan(0);
    });

    test('the rules of a new password stand there before it is typed, and are ticked off', async ({ page }) => {
      await page.goto('/desk');
      await signIn(page, 'committee');
      await page.goto('/desk#/sessions');
      await page.reload();
      await page.getByRole('button', { name: '修改密码' }).click();
      const dialog = page.getByRole('dialog', { name: '修改密码' });
      const rules = dialog.getByRole('list', { name: '填写要求' });
      await expect(rules.getByRole('listitem')).toHaveCount(2);
      await expect(rules).toContainText('至少 12 个字符');
      await dialog.getByLabel('新密码').fill('committee');
      await expect(rules).toContainText('还差 3 个');
      await expect(rules).toContainText('含有账号或姓名');
      await keepPicture(page, `password-rules-${name}`);
      await dialog.getByLabel('新密码').fill('村口的老樟树今年又开花了');
      await expect(rules).toContainText('已满足');
      await expect(rules).not.toContainText('还差');
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    });
  });
}
