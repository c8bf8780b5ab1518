// A township's working committee at its desk: its own rows, a reminder, an order to the end, a report sent back, and what is the county's alone.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, signIn, test } from './journey';
import { Other } from './somebody_else';

interface Row {
  site_id: number;
  site: { id: number; name: string; region: { code: string; name: string } };
}

const WORDS = '请说明滞后原因，排出每周计划';

const rows = (page: Page) => page.locator('tbody tr[id]');

async function enter(page: Page): Promise<{ code: string; name: string }> {
  await page.goto('/desk');
  await signIn(page, 'working-committee');
  await page.goto('/desk');
  await expect(rows(page).first()).toBeVisible();
  const session = await page.evaluate(async () => (await fetch('/api/session')).json());
  const { grants } = session as { grants: { region: { code: string; name: string } }[] };
  return grants[0]?.region ?? { code: '', name: '' };
}

async function openFile(page: Page, site: number, name: string) {
  await page.goto(`/desk#/review/${site}`);
  await page.reload();
  const file = page.getByRole('dialog', { name });
  await expect(file.getByRole('tab', { name: /督查反馈/ })).toBeVisible();
  return file;
}

test.describe('a working committee', () => {
  test.use(DESKTOP);

  test('presses in its own township: a reminder, and an order until it is settled', async ({ page, browser }) => {
    const unit = await Other.as('unit', browser);
    const { grants } = await unit.get<{ grants: { unit: { name: string } | null }[] }>('/api/session');
    const asked = grants.find((grant) => grant.unit)?.unit?.name ?? '';
    const township = await enter(page);
    for (const row of await rows(page).all()) await expect(row).toContainText(township.name);

    await rows(page).first().getByRole('button', { name: /^催办/ }).click();
    const remind = page.getByRole('dialog', { name: /^催办/ });
    await expect(remind.getByRole('listitem').first()).toBeVisible();
    await remind.getByRole('button', { name: '发出催办' }).click();
    await expect(page.getByText(/催办.*(已|将)/).first()).toBeVisible();

    await page.getByLabel('责任单位').selectOption({ label: asked });
    await expect(rows(page).first()).toContainText(asked);
    await rows(page).first().getByRole('checkbox').click();
    await page.getByRole('region', { name: '已选 1 个点位' }).getByRole('button', { name: '督办' }).click();
    const issue = page.getByRole('dialog', { name: '发出督办单' });
    await issue.getByLabel('督办内容').fill(`${WORDS}，联系 13800001111`);
    await expect(issue.getByText('请去掉其中的手机号码或身份证号')).toBeVisible();
    await issue.getByRole('button', { name: '发出 1 份督办单' }).click();
    await expect(issue.getByText(/请去掉其中的手机号码或身份证号（138…11）/)).toBeVisible();
    await issue.getByLabel('督办内容').fill(WORDS);
    await issue.getByRole('button', { name: '发出 1 份督办单' }).click();
    const told = await page.getByText(/已发出：.+号/).textContent();
    const number = /[^：]+〔\d{4}〕\d+号/.exec(told ?? '')?.[0] ?? '';
    expect(number).not.toBe('');

    const orders = await unit.get<{ items: { id: number; number: string }[] }>('/api/supervision-orders?limit=200');
    const id = orders.items.find((order) => order.number === number)?.id ?? 0;
    const answer = { words: '正在追赶', proposed_due_on: null, photos: [] };
    await unit.send('post', `/api/supervision-orders/${id}/answer`, answer);
    await page.getByRole('link', { name: /督办单/ }).click();
    await page.getByRole('button', { name: number, exact: true }).click();
    const order = page.getByRole('dialog', { name: number, exact: true });
    await expect(order).toContainText('正在追赶');
    await order.getByRole('button', { name: '退回重办' }).click();
    const back = page.getByRole('dialog', { name: `退回 ${number}` });
    await back.getByLabel('退回原因（必填）').fill('没有每周计划');
    await back.getByRole('button', { name: '确认退回' }).click();
    await expect(page.getByText('已退回', { exact: true })).toBeVisible();

    await unit.send('post', `/api/supervision-orders/${id}/answer`, { ...answer, words: '第一周封顶，第二周装修' });
    await page.reload();
    await expect(order).toContainText('第一周封顶');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'desk-order-township');
    await order.getByRole('button', { name: '办结' }).click();
    await page
      .getByRole('dialog', { name: `办结 ${number}` })
      .getByRole('button', { name: '确认办结' })
      .click();
    await expect(order).toContainText('已办结');
    await unit.leave();
  });

  test('sends a report back, and leaves to the county what is the county’s', async ({ page, browser }) => {
    const county = await Other.as('committee', browser);
    const township = await enter(page);
    const list = await page.evaluate(async () => (await fetch('/api/review?limit=200')).json());
    const sites = (list as { items: Row[] }).items.filter((row) => row.site.region.code.startsWith(township.code));
    let chosen: Row | undefined;
    for (const row of sites) {
      const reports = await county.get<{ items: { state: string }[] }>(`/api/sites/${row.site_id}/reports?limit=50`);
      if (reports.items.filter((report) => report.state === 'standing').length > 1) chosen = row;
      if (chosen) break;
    }
    if (!chosen) throw new Error('the demo has no site of the township with two standing reports');
    const {
      site_id: site,
      site: { name },
    } = chosen;

    let file = await openFile(page, site, name);
    await file.getByRole('button', { name: /^退回/ }).first().click();
    const act = page.getByRole('dialog', { name: '退回这份反馈' });
    await act.getByLabel('原因（必填）').fill('照片看不清，请补拍');
    await act.getByRole('button', { name: '确认退回' }).click();
    await expect(file.getByText('退回原因：照片看不清，请补拍').first()).toBeVisible();

    const { stage, rev } = await county.site(site);
    const percent = { not_started: 0, in_progress: 60, completed: 100 }[stage];
    await county.send('post', `/api/sites/${site}/correction`, { stage, percent, reason: '县里已到现场核实', rev });
    file = await openFile(page, site, name);
    await expect(file.getByText(/县人大常委会已于.+对该点位作出决定/)).toBeVisible();
    await expect(file.getByRole('button', { name: '更正状态' })).toBeHidden();
    await expect(file.getByRole('button', { name: '催办' })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-file-county-decided');

    const reserve = async (key_site: boolean) => {
      const seen = await county.site(site);
      await county.send('put', `/api/sites/${site}/key-site`, { key_site, reason: '全县重点工程', rev: seen.rev });
    };
    await reserve(true);
    try {
      file = await openFile(page, site, name);
      await expect(file.getByText(/县级重点点位/)).toBeVisible();
      await expect(file.getByRole('button', { name: '调整领办' })).toBeHidden();
      await expect(file.getByRole('button', { name: /^退回/ })).toHaveCount(0);
      await expect(file.getByRole('button', { name: '督办' })).toBeVisible();
    } finally {
      await reserve(false);
      await county.leave();
    }
  });
});
