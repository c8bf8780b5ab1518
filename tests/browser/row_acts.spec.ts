// Acts on many rows of the review list: what will happen is said first, what is left out is named, and what can be undone is undone.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, test } from './journey';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const SIZES = [
  { name: 'desk', use: DESKTOP },
  { name: 'tablet', use: { viewport: { width: 1024, height: 768 }, hasTouch: true } },
  { name: 'phone', use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
];

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.locator('tbody tr[id]').first()).toBeVisible();
}

async function act(page: Page, name: string): Promise<void> {
  const bar = page.getByRole('region', { name: /已选/ });
  await bar.getByText('更多处理').click();
  await bar.getByRole('button', { name, exact: true }).click();
}

for (const { name, use } of SIZES) {
  test.describe(`on a ${name}`, () => {
    test.use(use);

    test('what cannot be struck off is named before anything is done', async ({ page }) => {
      await enter(page, 'committee');
      await page.getByRole('checkbox', { name: '全选' }).first().check();
      await act(page, '销号');
      const dialog = page.getByRole('dialog', { name: /^销号 \d+ 个点位$/ });
      await expect(dialog.getByText(/个点位不办理：只有已完成的点位才能销号/)).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await keepPicture(page, `${name}-rows-strike-off`);
      await page.keyboard.press('Escape');
    });

    test('completed sites are struck off together, and opened again with one press', async ({ page }) => {
      await enter(page, 'committee');
      await page.goto('/desk#/review?sort=stage&descending=true');
      await page.reload();
      await expect(page.locator('tbody tr[id]').first()).toContainText('已完成');
      const boxes = page.locator('tbody tr[id]').getByRole('checkbox');
      await boxes.nth(0).check();
      await boxes.nth(1).check();
      await act(page, '销号');
      const dialog = page.getByRole('dialog', { name: '销号 2 个点位' });
      await expect(dialog.getByText('2 个点位可以办理')).toBeVisible();
      await dialog.getByRole('button', { name: '办理 2 个' }).click();
      await expect(dialog.getByText('请填写原因或说明')).toBeVisible();
      await dialog.getByRole('textbox', { name: /^说明/ }).fill('现场核实，已通过验收');
      await dialog.getByRole('button', { name: '办理 2 个' }).click();
      await expect(page.getByText('已办理 2 个点位')).toBeVisible();
      await keepPicture(page, `${name}-rows-struck-off`);
      await page.getByRole('button', { name: '撤销', exact: true }).click();
      await expect(page.getByText('已撤销 2 个点位')).toBeVisible();
    });

    test('sites are given to another deputy, and given back', async ({ page }) => {
      await enter(page, 'committee');
      const boxes = page.locator('tbody tr[id]').getByRole('checkbox');
      await boxes.nth(0).check();
      await boxes.nth(1).check();
      await act(page, '调整领办代表');
      const dialog = page.getByRole('dialog', { name: '调整 2 个点位的领办代表' });
      await expect(dialog.getByText('选好后在这里显示将会怎样。')).toBeVisible();
      await expect.poll(() => dialog.getByLabel('新领办代表').locator('option').count()).toBeGreaterThan(5);
      await dialog.getByLabel('新领办代表').selectOption({ index: 5 });
      await expect(dialog.getByText(/个点位可以办理/)).toBeVisible();
      await expectAccessible(page);
      await keepPicture(page, `${name}-rows-reassign`);
      await dialog.getByRole('textbox', { name: /^说明/ }).fill('就近安排');
      await dialog.getByRole('button', { name: /^办理/ }).click();
      await expect(page.getByText(/已办理 \d 个点位/).first()).toBeVisible();
      await page.getByRole('button', { name: '撤销', exact: true }).click();
      await expect(page.getByText(/已撤销 \d 个点位/)).toBeVisible();
    });
  });
}

test.describe('at very many rows', () => {
  test.use(DESKTOP);
  const ROWS = 401;

  /** A list of so many rows, and a server that strikes off whatever it is asked to; `asked` is told of each call that acts. */
  async function serveMany(page: Page, asked: (rows: number[]) => Promise<boolean>): Promise<void> {
    const template = await page.evaluate(async () => (await (await fetch('/api/review?limit=1')).json()).items[0]);
    await page.route('**/api/review/outline*', async (route) => {
      const whole = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...whole, site_ids: Array.from({ length: ROWS }, (_, at) => at + 1), ranks: null },
      });
    });
    await page.route('**/api/review?**', async (route) => {
      const wanted = (new URL(route.request().url()).searchParams.get('sites') ?? '').split(',').map(Number);
      const items = wanted.map((id) => ({
        ...template,
        site_id: id,
        site: { ...template.site, id, name: `第 ${id} 处` },
      }));
      await route.fulfill({ json: { items, next: null, total: ROWS, totals: {}, rule: {} } });
    });
    await page.route('**/api/review/acts', async (route) => {
      const { rows, preview } = route.request().postDataJSON() as { rows: { site_id: number }[]; preview: boolean };
      const sites = rows.map((row) => row.site_id);
      if (!preview && !(await asked(sites))) return route.abort();
      const items = sites.map((site_id) => ({ site_id, done: true, rev: 9, code: null, words: null }));
      return route.fulfill({ json: { preview, done: items.length, items } });
    });
    await page.reload();
    await expect(page.locator('p.count')).toContainText(String(ROWS));
  }

  async function beginAll(page: Page) {
    await page.getByRole('checkbox', { name: '全选' }).first().check();
    await act(page, '销号');
    const dialog = page.getByRole('dialog', { name: `销号 ${ROWS} 个点位` });
    await expect(dialog.getByText(`${ROWS} 个点位可以办理`)).toBeVisible();
    await dialog.getByLabel('说明').fill('现场核实，已通过验收');
    await dialog.getByRole('button', { name: `办理 ${ROWS} 个` }).click();
    return dialog;
  }

  test('an act that breaks off says how far it was, and goes on from there', async ({ page }) => {
    await enter(page, 'committee');
    const asked: number[] = [];
    let line = true;
    await serveMany(page, async (rows) => {
      if (rows[0] === 201 && line) return false;
      asked.push(...rows);
      return true;
    });
    const dialog = await beginAll(page);
    await expect(dialog.getByText(/已核办 200 \/ 401 个点位后中断/)).toBeVisible();
    line = false;
    await dialog.getByRole('button', { name: `办理 ${ROWS} 个` }).click();
    await expect(page.getByText(`已办理 ${ROWS} 个点位`)).toBeVisible();
    expect(asked).toEqual(Array.from({ length: ROWS }, (_, at) => at + 1));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('an act can be stopped, and says what had not had its turn', async ({ page }) => {
    await enter(page, 'committee');
    const asked: number[] = [];
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await serveMany(page, async (rows) => {
      asked.push(...rows);
      if (rows[0] === 201) await held;
      return true;
    });
    const dialog = await beginAll(page);
    await expect(dialog.getByText('正在办理 200 / 401 个点位…')).toBeVisible();
    await dialog.getByRole('button', { name: '到此为止' }).click();
    goOn();
    await expect(dialog.getByText('还有 1 个点位没有轮到')).toBeVisible();
    expect(asked).toHaveLength(400);
    await dialog.getByRole('button', { name: '知道了' }).click();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});
