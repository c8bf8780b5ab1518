// The figures and the bulletin: charts with the same numbers in tables, words explained, months looked up, a bulletin that prints on A4.
import {
  chooseFor,
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  test,
} from './journey';

const section = (page: Page, title: string | RegExp) => page.getByRole('region', { name: title, exact: true });

/** What the server says, for comparing with what is shown. */
function summary(page: Page, month = ''): Promise<{ month: string; totals: Record<string, number>; owed: number }> {
  return page.evaluate(async (asked) => (await fetch(`/api/summary${asked && `?month=${asked}`}`)).json(), month);
}

async function closedMonths(page: Page): Promise<string[]> {
  const { months } = await page.evaluate(async () => (await fetch('/api/progress')).json());
  return months
    .filter((each: { state: string | null }) => each.state === 'final')
    .map((each: { month: string }) => each.month);
}

async function figuresAreShown(page: Page): Promise<void> {
  await expect(section(page, /^(谁办得怎么样|How each of them stands)$/)).toBeVisible();
  await expect(section(page, /^(代表督查反馈|Deputies’ reports)$/)).toBeVisible();
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the charts say what the server says, and each has its table and its file', async ({ page }) => {
    await page.goto('/figures');
    await figuresAreShown(page);
    const { totals } = await summary(page);
    await expect(page.getByText(`共 ${totals['sites']} 处`).first()).toBeVisible();
    await keepPicture(page, 'figures-desktop');
    await expectAccessible(page);
    await section(page, '谁办得怎么样').getByRole('button', { name: '看数字表' }).click();
    await expect(page).toHaveURL(/look=tables/);
    const total = section(page, '谁办得怎么样').locator('tfoot td');
    await expect(total.nth(0)).toHaveText(String(totals['sites']));
    await expect(total.nth(1)).toHaveText(String(totals['completed']));
    await expectAccessible(page);
    const file = page.waitForEvent('download');
    await section(page, '谁办得怎么样').getByRole('link', { name: '下载 CSV' }).click();
    expect((await file).suggestedFilename()).toMatch(/figures-\d{4}-\d{2}-project\.csv$/);
  });

  test('a comparison leaves out who is too small, and says how many', async ({ page }) => {
    await page.goto('/figures?by=unit');
    await figuresAreShown(page);
    const rows = section(page, '谁办得怎么样').locator('ul.rows > li');
    const all = await rows.count();
    await section(page, '谁办得怎么样').getByLabel('排列').selectOption('completed');
    await expect(page).toHaveURL(/by=unit&order=completed/);
    await expect(rows.first()).toContainText('第 1 名');
    const said = await page.getByRole('note').textContent();
    expect((await rows.count()) + Number(/有 (\d+) 个没有列入/.exec(said ?? '')?.[1])).toBe(all);
    await page.getByRole('button', { name: '按原来顺序看全部' }).click();
    await expect(rows).toHaveCount(all);
  });

  test('a past month is looked up, said to be final, and kept in the address', async ({ page }) => {
    await page.goto('/figures');
    await figuresAreShown(page);
    const month = (await closedMonths(page)).at(-2) ?? '';
    await page.getByLabel('月份').selectOption(month);
    await expect(page.getByText('最终数字')).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`month=${month}`));
    const { totals } = await summary(page, month);
    await expect(page.locator('.tile .big').first()).toHaveText(String(totals['completed']));
    await page.getByRole('button', { name: '下一个月' }).click();
    await expect(page).not.toHaveURL(new RegExp(`month=${month}`));
    await page.goBack();
    await expect(page.locator('.tile .big').first()).toHaveText(String(totals['completed']));
  });

  test('a word is explained one tap away, by keyboard as well', async ({ page }) => {
    await page.goto('/figures');
    await figuresAreShown(page);
    const ask = page.getByRole('button', { name: '“逾期”什么意思' });
    await ask.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: '这些词的意思' });
    await expect(dialog.getByText('过了计划日期，还是红色。')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(ask).toBeFocused();
  });

  test('a project leads to its sites', async ({ page }) => {
    await page.goto('/figures');
    await section(page, '谁办得怎么样').locator('ul.rows').getByRole('link').first().click();
    await expect(page).toHaveURL(/\/list\?project=\d+/);
    await expect(page.locator('ul.sites > li').first()).toBeVisible();
  });

  test('the bulletins are listed, and one says what its month says', async ({ page }) => {
    await page.goto('/bulletins');
    await expectAccessible(page);
    const month = (await closedMonths(page)).at(-1) ?? '';
    await page.locator(`a[href="/bulletins/${month}"]`).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('民生实事项目进展通报');
    const { totals, owed } = await summary(page, month);
    await expect(page.locator('.headline')).toContainText(`${totals['sites']} 处点位，${totals['completed']} 处已完成`);
    await expect(page.locator('.headline')).toContainText(`代表应报 ${owed} 份`);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'bulletin-desktop');
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: '下载表格 (XLSX)' }).click();
    expect((await file).suggestedFilename()).toContain(`bulletin-${month}.xlsx`);
  });

  test('a bulletin prints on A4', async ({ page }) => {
    await page.goto('/bulletins');
    await page.locator('ul.bulletins a').first().click();
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const boxes = new Set(
      [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((box) =>
        box
          .slice(1)
          .map((side) => Math.round(Number(side)))
          .join('x'),
      ),
    );
    expect([...boxes]).toEqual(['595x842']);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.ways')).toBeHidden();
    await expect(page.locator('.print-head')).toBeVisible();
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  for (const language of ['zh-CN', 'en'] as const) {
    for (const size of ['normal', 'large'] as const) {
      test(`the figures fit (${language}, ${size} type)`, async ({ page }) => {
        await chooseFor(page, { language, large: size === 'large' });
        for (const address of ['/figures?by=region&order=on_time', '/figures?look=tables']) {
          await page.goto(address);
          await figuresAreShown(page);
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
        }
        if (language === 'zh-CN') await keepPicture(page, size === 'large' ? 'figures-large-phone' : 'figures-phone');
      });
    }
  }

  test('the bulletin fits, in English and large type', async ({ page }) => {
    for (const choices of ['', '?lang=en&type=large']) {
      await page.goto(`/bulletins${choices}`);
      await page.locator('ul.bulletins a').first().click();
      await expect(page.locator('.headline')).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
});

test.describe('without script', () => {
  test.use({ ...PHONE, javaScriptEnabled: false });

  test('the figures are tables', async ({ page }) => {
    await page.goto('/figures');
    await expect(page.getByRole('table', { name: '按承办单位' })).toBeVisible();
    await expect(page.getByRole('table', { name: '全年进度' })).toBeVisible();
  });
});
