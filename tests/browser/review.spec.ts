// The review list on the last day of the month: narrowed, walked by keys, selected from end to end, beside its map, with every rank explained.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, test } from './journey';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true };

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(rows(page).first()).toBeVisible();
}

const rows = (page: Page) => page.locator('tbody tr[id]');
const count = async (page: Page) => Number(/\d+/.exec((await page.locator('p.count').textContent()) ?? '')?.[0]);

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('a place in the list is explained to the last point', async ({ page }) => {
    await enter(page, 'committee');
    await rows(page).first().getByRole('button', { name: /分/ }).click();
    const why = page.getByRole('dialog', { name: '为什么排在第 1 位' });
    await expect(why).toContainText(/300 \+ 3 × \d+ 天/);
    const points = await why.locator('tbody td.points').allTextContents();
    const sum = points.reduce((total, each) => total + Number(each), 0);
    await expect(why.locator('tfoot td.points')).toHaveText(String(sum));
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-rank');
  });

  test('keys walk the list, choose, act and explain themselves', async ({ page }) => {
    await enter(page, 'committee');
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: '快捷键' });
    await expect(sheet).toContainText('下一行');
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect(rows(page).nth(1)).toBeFocused();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await expect(page.getByRole('region', { name: '已选 2 个点位' })).toBeVisible();
    await page.keyboard.press('G');
    await expect(rows(page).last()).toBeFocused();
    await page.keyboard.press('g');
    await expect(rows(page).first()).toBeFocused();
    await page.keyboard.press('a');
    const all = await count(page);
    await expect(page.getByRole('region', { name: `已选 ${all} 个点位` })).toBeVisible();
    await page.keyboard.press('r');
    const remind = page.getByRole('dialog', { name: `催办 ${all} 个点位` });
    await expect(remind).toContainText('一分钟内可以撤销');
    await expect(remind.getByRole('listitem').first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-remind');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: /已选/ })).toBeHidden();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
  });

  test('filters narrow, are saved as a view, and come back with it', async ({ page }) => {
    await enter(page, 'committee');
    const whole = await count(page);
    await page.getByRole('button', { name: '更多条件' }).click();
    await page.getByLabel('逾期天数').selectOption('30');
    await expect.poll(() => count(page)).toBeLessThan(whole);
    const narrowed = await count(page);
    await page.getByRole('button', { name: '列', exact: true }).click();
    await page.getByRole('dialog', { name: '显示哪些列' }).getByLabel('计划工期').check();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('columnheader', { name: '计划工期' })).toBeVisible();
    await page.getByRole('button', { name: '视图', exact: true }).click();
    await page.getByLabel('视图名称').fill('三十天以上');
    await page.getByRole('button', { name: '保存视图' }).click();
    await expect(page.getByText('视图“三十天以上”已保存')).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-views');
    await page.keyboard.press('Escape');
    // The address keeps what is shown: a reload shows it again, the way back undoes it.
    expect(page.url()).toContain('days=30');
    await page.reload();
    await expect(rows(page).first()).toBeVisible();
    await expect.poll(() => count(page)).toBe(narrowed);
    await page.goBack();
    await expect.poll(() => count(page)).toBe(whole);
    await page.getByRole('button', { name: '视图', exact: true }).click();
    await page.getByRole('button', { name: /打开.*三十天以上/ }).click();
    await expect.poll(() => count(page)).toBe(narrowed);
    await page.getByRole('button', { name: '视图', exact: true }).click();
    await page.getByRole('button', { name: /删除.*三十天以上/ }).click();
    await expect(page.getByText('视图“三十天以上”已删除')).toBeVisible();
  });

  test('each column sorts, the address keeps it, and a third click gives the ranking back', async ({ page }) => {
    await enter(page, 'committee');
    // Rows that are known already are drawn between lines that wait for the others: only then is the first one the first.
    const first = async () => {
      if ((await page.locator('tbody tr.waiting').count()) > 0) return null;
      return rows(page).first().locator('td.site button').textContent();
    };
    await expect.poll(first).not.toBeNull();
    const ranked = await first();
    const head = page.getByRole('columnheader', { name: '责任单位' });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    expect(page.url()).toContain('sort=unit');
    await expect.poll(async () => [null, ranked].includes(await first())).toBe(false);
    const byUnit = await first();
    await page.keyboard.press('Enter');
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    await page.goBack();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    await page.reload();
    await expect(rows(page).first()).toBeVisible();
    await expect.poll(first).toBe(byUnit);
    await head.getByRole('button').click();
    await head.getByRole('button').click();
    await expect(head).not.toHaveAttribute('aria-sort', /./);
    await expect.poll(first).toBe(ranked);
  });

  test('ten thousand rows: to the end and back, with few of them drawn and the page never stuck', async ({ page }) => {
    const ROWS = 10_000;
    await enter(page, 'committee');
    const template = await page.evaluate(async () => (await (await fetch('/api/review?limit=1')).json()).items[0]);
    await page.route('**/api/review/outline*', async (route) => {
      const whole = await (await route.fetch()).json();
      await route.fulfill({ json: { ...whole, site_ids: Array.from({ length: ROWS }, (_, at) => at + 1) } });
    });
    await page.route('**/api/review?**', async (route) => {
      const wanted = (new URL(route.request().url()).searchParams.get('sites') ?? '').split(',').map(Number);
      const items = wanted.map((id) => {
        const site = { ...template.site, id, name: `第 ${id} 处` };
        return { ...template, site_id: id, rank: id, site };
      });
      await route.fulfill({ json: { items, next: null, total: ROWS, totals: {}, rule: {} } });
    });
    await page.reload();
    await expect(page.locator('p.count')).toContainText(String(ROWS));
    await page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      const frame = () => {
        gaps.push(performance.now() - last);
        last = performance.now();
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      (globalThis as unknown as { gaps: number[] }).gaps = gaps;
    });
    const jump = async (key: string, row: number) => {
      const before = Date.now();
      await page.keyboard.press(key);
      await expect(page.locator(`#row-${row}`)).toBeFocused();
      return Date.now() - before;
    };
    const [there, back] = [await jump('G', ROWS), await jump('g', 1)];
    const drawn = await rows(page).count();
    for (let step = 0; step < 20; step += 1) await page.mouse.wheel(0, 4000);
    await page.waitForTimeout(500);
    const gaps = await page.evaluate(() =>
      [...(globalThis as unknown as { gaps: number[] }).gaps].sort((one, other) => one - other),
    );
    const at = (share: number) => Math.round(gaps[Math.floor(gaps.length * share)] ?? 0);
    const told = `${ROWS} rows: to the end ${there} ms, back ${back} ms, ${drawn} drawn; frames: median ${at(0.5)} ms, 95 % ${at(0.95)} ms`;
    test.info().annotations.push({ type: 'measured', description: told });
    process.stdout.write(`    ${told}\n`);
    expect(drawn).toBeLessThan(400);
    // Generous, because journeys run on busy machines: a list that draws all its rows takes far longer.
    expect(there).toBeLessThan(8000);
    expect(back).toBeLessThan(8000);
  });

  test('a finding is put aside with a reason, and taken up again', async ({ page }) => {
    await enter(page, 'committee');
    const all = await count(page);
    await page.getByRole('tab', { name: /^不在现场/ }).click();
    await expect(rows(page).first()).toContainText(/不在现场|反馈位置距点位/);
    await expect.poll(() => count(page), 'the list is narrowed').toBeLessThan(all);
    const before = await count(page);
    await rows(page).first().getByRole('checkbox').click();
    await page.getByRole('region', { name: '已选 1 个点位' }).getByRole('button', { name: '忽略' }).click();
    const dismiss = page.getByRole('dialog', { name: '忽略 1 个点位的发现' });
    await dismiss.getByRole('button', { name: '忽略 1 项' }).click();
    await expect(dismiss.getByText('请填写原因或说明')).toBeVisible();
    await dismiss.getByLabel('理由（必填）').fill('施工便道封闭，代表在路口拍摄，情况属实');
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-dismiss');
    await dismiss.getByRole('button', { name: '忽略 1 项' }).click();
    await expect.poll(() => count(page)).toBe(before - 1);
    await page.getByRole('button', { name: '撤销', exact: true }).click();
    await expect.poll(() => count(page)).toBe(before);
  });

  test('a file shows what pictures say of themselves, whom was told and what was done', async ({ page }) => {
    await enter(page, 'committee');
    await page.getByRole('tab', { name: /^照片重复/ }).click();
    await expect(rows(page).first()).toContainText('照片与以前的反馈重复');
    await rows(page).first().getByRole('button', { name: '催办' }).click();
    await page.getByRole('button', { name: '发出催办' }).click();
    await expect(page.getByText(/已发出 \d+ 条催办|催办已记录/)).toBeVisible();
    await rows(page).first().locator('td.site button').click();
    const file = page.getByRole('dialog');
    await expect(file.getByText(/与 .+ 代表在“.+”的照片重复/).first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-file-evidence');
    await file.getByRole('tab', { name: /^通知/ }).click();
    await keepPicture(page, 'desk-file-notices');
    await file.getByRole('tab', { name: /^留痕/ }).click();
    await expect(file.getByText('催办', { exact: true }).last()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-file-record');
  });

  test('the list has its map beside it', async ({ page }) => {
    await enter(page, 'committee');
    await page.getByRole('button', { name: '地图', exact: true }).click();
    const map = page.getByRole('region', { name: '清单点位地图' });
    await expect(map.locator('canvas')).toBeVisible({ timeout: 60_000 });
    await expect(map.getByText('正在读取')).toBeHidden({ timeout: 60_000 });
    await page.keyboard.press('j');
    await page.waitForTimeout(1500);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'desk-review-map');
  });
});

test.describe('on a tablet', () => {
  test.use(TABLET);

  test('list and map are side by side, and acts are within reach', async ({ page }) => {
    await enter(page, 'working-committee');
    await page.getByRole('button', { name: '地图', exact: true }).click();
    await expect(page.getByRole('region', { name: '清单点位地图' }).locator('canvas')).toBeVisible({ timeout: 60_000 });
    await rows(page).first().getByRole('checkbox').click();
    await expect(
      page.getByRole('region', { name: '已选 1 个点位' }).getByRole('button', { name: '催办' }),
    ).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await keepPicture(page, 'desk-review-tablet');
  });
});
