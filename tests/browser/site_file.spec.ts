// A site's file as the place where things are decided: entering for a deputy, adopters, key sites, strike-off by two; at a desk and on a tablet.
import type { Browser, Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, signIn, test } from './journey';
import { takePicture } from './pictures';
import { makeMember, setFigure } from './somebody_else';

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

/** How many persons a strike-off takes, set on the page of settings. */
async function askForTwo(page: Page, reason: string): Promise<void> {
  await page.goto('/desk#/settings');
  await page.getByLabel('销号人数').fill('2');
  await page.getByLabel('改动的理由').fill(reason);
  await page.getByRole('button', { name: '保存改动' }).click();
  await expect(page.getByText('设置已改，立即生效')).toBeVisible();
  await expect(page.getByRole('row', { name: /销号人数 1 2/ }).first()).toBeVisible();
}

/** Signed in as another of the committee, whose account the administrator has just made. */
async function enterAsColleague(page: Page, browser: Browser): Promise<void> {
  const [login, password] = [`colleague-${Date.now()}`, crypto.randomUUID()];
  await makeMember(browser, login, password);
  await page.goto('/desk');
  await signIn(page, login, password);
}

interface Found {
  id: number;
  code: string;
  name: string;
}

/** Opens the file of a site that the reader may decide about, completed and not struck off: one that is, or one corrected to be. */
async function openCompleted(page: Page): Promise<Found> {
  const site = await page.evaluate(async () => {
    const { grants } = await (await fetch('/api/session')).json();
    const { items } = await (await fetch(`/api/sites?region=${grants[0].region.code}&limit=200`)).json();
    const open = items.filter((each: { struck_off_on: string | null }) => each.struck_off_on === null);
    return (open.find((each: { stage: string }) => each.stage === 'completed') ?? open[0]) as Found & { stage: string };
  });
  await page.goto(`/desk#/review/${site.id}`);
  await expect(file(page).getByRole('heading', { name: site.name })).toBeVisible();
  if (site.stage !== 'completed') {
    await file(page).getByRole('button', { name: '更正状态' }).click();
    const correct = page.getByRole('dialog', { name: '更正点位状态' });
    await correct.getByText('已完成', { exact: true }).click();
    await correct.getByLabel('原因（必填）').fill('现场核实已完工');
    await correct.getByRole('button', { name: '确认更正' }).click();
  }
  return site;
}

async function struckOffOn(page: Page, site: number): Promise<string | null> {
  return page.evaluate(async (id) => (await (await fetch(`/api/sites/${id}`)).json()).struck_off_on, site);
}

/** What the server says to the proposer who confirms without a button for it. */
async function confirmPastThePage(page: Page, site: number): Promise<number> {
  return page.evaluate(async (id) => {
    const { rev } = await (await fetch(`/api/sites/${id}`)).json();
    const { items } = await (await fetch('/api/strike-off-proposals')).json();
    const proposal = items.find((each: { site_id: number }) => each.site_id === id);
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const request = { method: 'POST', headers, body: JSON.stringify({ rev }) };
    return (await fetch(`/api/strike-off-proposals/${proposal.id}/confirm`, request)).status;
  }, site);
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

  // Whatever became of the journey that asks for two: the others stand on a county where one person strikes off.
  test.afterEach(async ({ browser }, { title, status }) => {
    if (title.startsWith('where the county wants two') && status !== 'passed')
      await setFigure(browser, 'strike_off_persons', 1);
  });

  test('where the county wants two, one proposes on the file, cannot confirm, and a second person strikes off', async ({
    page,
    browser,
    baseURL,
  }) => {
    await enter(page, 'committee');
    await askForTwo(page, '主任会议决定：销号须两人办理');
    await keepPicture(page, 'desk-settings-two');

    const theirs = await browser.newContext({ ...DESKTOP, ...(baseURL ? { baseURL } : {}), locale: 'zh-CN' });
    const proposer = await theirs.newPage();
    await enter(proposer, 'working-committee');
    const site = await openCompleted(proposer);
    await expect(file(proposer).getByRole('button', { name: '销号', exact: true })).toHaveCount(0);
    await file(proposer).getByRole('button', { name: '提出销号' }).click();
    const propose = proposer.getByRole('dialog', { name: '提出销号' });
    await expect(propose).toContainText('您提出后，由另一位人大工作人员核实确认，点位才会销号');
    await propose.getByRole('button', { name: '提出', exact: true }).click();
    await expect(propose.getByText('请填写').first()).toBeVisible();
    await propose.getByLabel('验收说明（必填）').fill('现场核实，已通过验收');
    await expectAccessible(proposer);
    await expectNothingClipped(proposer);
    await propose.getByRole('button', { name: '提出', exact: true }).click();
    await expect(proposer.getByText('已提出销号，等待另一人确认')).toBeVisible();
    await expect(file(proposer).getByText(/您于 .+ 提出销号，等待另一人确认/)).toBeVisible();
    await expect(file(proposer).getByRole('button', { name: '确认销号' })).toHaveCount(0);
    expect(await confirmPastThePage(proposer, site.id), 'nobody confirms what they proposed').toBe(403);
    await keepPicture(proposer, 'desk-file-proposal');
    expect(await struckOffOn(page, site.id), 'one person has struck nothing off').toBeNull();

    await page.goto('/desk#/review');
    await page.reload();
    const waiting = page.getByRole('region', { name: /等待确认的销号/ });
    await waiting.getByRole('button', { name: site.name }).click();
    await expect(file(page).getByText(/提出销号，等待另一人确认/)).toBeVisible();
    await keepPicture(page, 'desk-file-confirm');
    await file(page).getByRole('button', { name: '确认销号' }).click();
    const confirm = page.getByRole('dialog', { name: '确认销号' });
    await expect(confirm).toContainText('现场核实，已通过验收');
    await expectAccessible(page);
    await confirm.getByRole('button', { name: '确认销号' }).click();
    await expect(file(page).getByText('已销号').first()).toBeVisible();
    expect(await struckOffOn(page, site.id), 'struck off by the second').not.toBeNull();
    await proposer.goto(`/sites/${site.code}`);
    await expect(proposer.getByText(/经人大确认销号/).first()).toBeVisible();
    await keepPicture(proposer, 'struck-off-story');
    await theirs.close();

    // Back to one takes two as well: whoever asks for it cannot confirm it.
    await page.goto('/desk#/settings');
    await page.getByLabel('销号人数').fill('1');
    await page.getByLabel('改动的理由').fill('恢复原样');
    await page.getByRole('button', { name: '保存改动' }).click();
    const asked = page.getByRole('region', { name: '等待另一人确认' });
    await expect(asked).toContainText('由您提出，须由另一位县人大常委会人员确认');
    await expect(asked.getByRole('button', { name: '确认改动' })).toHaveCount(0);
    await expectAccessible(page);
    await keepPicture(page, 'desk-settings-waiting');
    const another = await browser.newContext({ ...DESKTOP, ...(baseURL ? { baseURL } : {}), locale: 'zh-CN' });
    const colleague = await another.newPage();
    await enterAsColleague(colleague, browser);
    await colleague.goto('/desk#/settings');
    await colleague.reload();
    await colleague.getByRole('button', { name: '确认改动' }).click();
    await expect(colleague.getByText('已确认，立即生效')).toBeVisible();
    await expect(colleague.getByRole('row', { name: /销号人数 2 1/ }).first()).toBeVisible();
    await another.close();
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

  test('the county makes a site its own on its file, and the working committee is told why', async ({
    page,
    browser,
    baseURL,
  }) => {
    await enter(page, 'working-committee');
    await openFirst(page);
    await expect(file(page).getByRole('button', { name: '调整领办' })).toBeVisible();
    await expect(file(page).getByRole('button', { name: '设为重点点位' })).toHaveCount(0);
    const county = await browser.newContext({ ...TABLET, ...(baseURL ? { baseURL } : {}), locale: 'zh-CN' });
    const deciding = await county.newPage();
    await enter(deciding, 'committee');
    await deciding.goto(`/desk#/review/${/review\/(\d+)/.exec(page.url())?.[1]}`);
    await file(deciding).getByRole('button', { name: '设为重点点位' }).click();
    const make = deciding.getByRole('dialog', { name: '设为重点点位' });
    await expect(make).toContainText('不能销号、更正状态或调整领办');
    await make.getByLabel('原因（必填）').fill('全县重点工程');
    await expectAccessible(deciding);
    await expectNothingClipped(deciding);
    await keepPicture(deciding, 'tablet-make-key-site');
    await make.getByRole('button', { name: '设为重点', exact: true }).click();
    await expect(deciding.getByText('已设为重点点位')).toBeVisible();

    await page.reload();
    await expect(file(page).getByText('这是县级重点点位')).toBeVisible();
    for (const name of ['更正状态', '调整领办', '销号', '提出销号'])
      await expect(file(page).getByRole('button', { name, exact: true })).toHaveCount(0);
    for (const name of ['催办', '督办', '代录反馈'])
      await expect(file(page).getByRole('button', { name, exact: true })).toBeVisible();
    await expectAccessible(page);
    await expectNothingClipped(page);
    await keepPicture(page, 'tablet-key-site');

    await file(deciding).getByRole('button', { name: '取消重点' }).click();
    const unmake = deciding.getByRole('dialog', { name: '取消重点点位' });
    await unmake.getByLabel('原因（必填）').fill('工程已移交镇街');
    await unmake.getByRole('button', { name: '取消重点', exact: true }).click();
    await expect(deciding.getByText('已取消重点')).toBeVisible();
    await page.reload();
    await expect(file(page).getByRole('button', { name: '调整领办' })).toBeVisible();
    await county.close();
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
