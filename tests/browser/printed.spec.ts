// What leaves the office on paper: the bulletin, the year's report, an order's letter and invitation cards, each on A4, whole and of a size
// that is read.
import { chooseFor, DESKTOP, expect, keepPicture, type Page, signIn, test } from './journey';

test.use(DESKTOP);

/** A4 at 96 dots an inch, in pixels. */
const A4_WIDTH = 794;

interface Paper {
  /** Pixels of paper left free at both sides together. */
  margins: number;
  least: number;
  most: number;
}

/** What a printed page may not do: run over its edge, hide a part of itself, or be written too small to read. */
function faultsOnPaper(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className} “${element.textContent?.trim().slice(0, 30)}”`;
    for (const element of document.querySelectorAll('body *')) {
      const { display, visibility, overflowX, position, clipPath, fontSize } = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (display === 'none' || visibility === 'hidden' || box.width <= 1 || clipPath !== 'none') continue;
      if (box.right > innerWidth + 1 && position !== 'fixed') faults.push(`over the edge: ${nameOf(element)}`);
      const hides = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      if (hides && element.clientWidth > 1) faults.push(`hides a part: ${nameOf(element)}`);
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (own && !element.closest('svg') && Number.parseFloat(fontSize) < 10)
        faults.push(`${fontSize}: ${nameOf(element)}`);
    }
    return [...new Set(faults)];
  });
}

async function expectOnPaper(page: Page, name: string, { margins, least, most }: Paper): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: A4_WIDTH - margins, height: 1123 });
  expect(await faultsOnPaper(page), name).toEqual([]);
  await expect(page.getByRole('navigation').filter({ visible: true }), 'nothing to click on paper').toHaveCount(0);
  await expect(page.getByRole('button').filter({ visible: true }), 'nothing to press on paper').toHaveCount(0);
  await keepPicture(page, `printed-${name}`);
  const pdf = await page.pdf({ printBackground: true, preferCSSPageSize: true, format: 'A4' });
  const written = pdf.toString('latin1');
  const pages = written.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  expect(pages, `pages of ${name}`).toBeGreaterThanOrEqual(least);
  expect(pages, `pages of ${name}`).toBeLessThanOrEqual(most);
  for (const [, width, height] of written.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)) {
    expect(Math.abs(Number(width) - 595), 'A4 is 595 points wide').toBeLessThan(2);
    expect(Math.abs(Number(height) - 842), 'and 842 high').toBeLessThan(2);
  }
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize(DESKTOP.viewport);
}

async function openDesk(page: Page, login: string, path: string): Promise<void> {
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto(`/desk#/${path}`);
  await page.reload();
}

test('the bulletin and the year’s report', async ({ page }) => {
  await page.goto('/bulletins');
  await page.locator('main a[href^="/bulletins/20"]').filter({ hasText: /月/ }).first().click();
  await page.waitForURL(/bulletins\/\d{4}-\d\d$/);
  await expectOnPaper(page, 'bulletin', { margins: 136, least: 2, most: 14 });
  await page.goto('/bulletins');
  await page
    .getByRole('link', { name: /年度报告/ })
    .first()
    .click();
  await expect(page.getByRole('img', { name: /计划与实际/ })).toBeVisible();
  await expectOnPaper(page, 'year', { margins: 136, least: 1, most: 14 });
});

test('an order’s letter, one page for one site', async ({ page }) => {
  await openDesk(page, 'committee', 'orders');
  const orders = await page.evaluate(
    async () => (await (await fetch('/api/supervision-orders?limit=50')).json()).items,
  );
  const single = orders.find((order: { sites: unknown[] }) => order.sites.length === 1);
  const several = orders.find((order: { sites: unknown[] }) => order.sites.length > 1) ?? single;
  for (const [name, { id, number }] of [
    ['letter', single],
    ['letter-several', several],
  ] as const) {
    await page.goto(`/desk#/orders/${id}/letter`);
    await expect(page.getByRole('article')).toContainText(number);
    await expectOnPaper(page, name, { margins: 136, least: 1, most: 3 });
  }
});

test('invitation cards, eight to a page', async ({ page }) => {
  await openDesk(page, 'working-committee', 'joining');
  await page.getByRole('button', { name: /^未邀请/ }).click();
  const boxes = page.getByRole('checkbox', { name: /^选择 / });
  await expect(boxes.nth(8)).toBeVisible();
  for (let place = 0; place < 9; place += 1) await boxes.nth(place).check();
  await page.getByRole('button', { name: '生成邀请卡' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '生成邀请卡' }).click();
  await expect(page.getByRole('img', { name: /\/join#/ })).toHaveCount(9);
  await expectOnPaper(page, 'cards', { margins: 98, least: 2, most: 2 });
});

for (const language of ['zh-CN', 'en'] as const) {
  test(`cards of accounts, with long names, on one page, in ${language}`, async ({ page }) => {
    await chooseFor(page, { language, large: false });
    await openDesk(page, 'admin', 'accounts');
    const called = `paper-${language}-${Date.now()}`;
    const made: number[] = await page.evaluate(async (login) => {
      const send = async (method: string, path: string, body: unknown) => {
        const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
        const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
        return answer.status === 204 ? null : answer.json();
      };
      const county = await (await fetch('/api/county')).json();
      const units = (await (await fetch('/api/units')).json()).items;
      const ids = [];
      for (let place = 0; place < 8; place += 1) {
        const unit = units[place % units.length];
        const grants = [{ role: 'unit_handler', region: county.code, unit_id: unit.id }];
        const names = [`经办${place}`, `${unit.name}第${place}位民生实事经办人`, '名'.repeat(50)];
        const name = names[place % 3];
        const account = await send('POST', '/api/accounts', { login: `${login}-${place}`, name, grants });
        if (place % 2) await send('PUT', `/api/accounts/${account.id}/notice-phone`, { phone: `1371234567${place}` });
        ids.push(account.id);
      }
      return ids;
    }, called);
    await page.getByLabel(/账号或姓名|Login or name/).fill(called);
    await expect(page.getByRole('checkbox', { name: /^(选择|Choose) (经办|名|.*经办人)/ })).toHaveCount(made.length);
    await page.getByLabel(/全选本页可发卡的账号|Choose every account/).check();
    await page.getByRole('button', { name: /发邀请卡|Invite by cards/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /发邀请卡|Invite by cards/ })
      .click();
    await expect(page.getByRole('img', { name: /\/join#/ })).toHaveCount(made.length);
    const cut = await page
      .locator('.invitation-cards > li')
      .evaluateAll((cards) =>
        cards.filter((card) => card.scrollHeight > card.clientHeight).map((card) => card.textContent),
      );
    expect(cut, 'cards whose words do not fit').toEqual([]);
    await expectOnPaper(page, `account-cards-${language}`, { margins: 98, least: 1, most: 1 });
    // The county's figures of its people are as before.
    for (const id of made) {
      await page.evaluate(async (account) => {
        const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
        await fetch(`/api/accounts/${account}/disable`, { method: 'POST', headers, body: '{}' });
      }, id);
    }
  });
}
