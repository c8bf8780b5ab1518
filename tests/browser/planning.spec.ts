// The plan on the desk: sites are offered and a deputy adopts one, a site is entered on the map, a pin is dragged to where a decision
// moves it, words are mended without overwriting anybody, at a desk and on a tablet.
import type { Browser } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, type Page, PHONE, signIn, test } from './journey';

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const UNIQUE = Date.now().toString(36);

async function open(page: Page, login: string, room: string): Promise<void> {
  await page.goto('/desk');
  await signIn(page, login);
  await page.goto(`/desk#/${room}`);
  await page.reload();
}

/** Looks at a page with one's own eyes when asked to. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env['LOOK'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

const listed = (page: Page) => page.locator('tbody tr');

async function openFile(page: Page, words: string): Promise<void> {
  await page.getByLabel('搜索').fill(words);
  const row = listed(page).filter({ hasText: words }).first();
  await row.getByRole('button').first().click();
  await expect(page.getByRole('dialog').first()).toBeVisible();
}

async function deputyPhone(browser: Browser): Promise<Page> {
  const baseURL = test.info().project.use.baseURL ?? '';
  const context = await browser.newContext({ ...PHONE, baseURL, locale: 'zh-CN', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto('/deputy');
  await signIn(page, 'deputy');
  return page;
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the committee offers sites, a deputy adopts one, and the file tells it', async ({ page, browser }) => {
    await open(page, 'committee', 'offers');
    await expect(page.getByRole('tab', { name: /^开放中/ })).toBeVisible();
    await expect(listed(page).first()).toContainText('还缺');
    await look(page, 'offers');
    await expectAccessible(page);
    await page.goto('/desk#/sites');
    await page.getByLabel('状态').selectOption({ label: '未开始' });
    await expect(listed(page).nth(3)).toContainText('未开始');
    const boxes = page.getByRole('checkbox', { name: /^选择：/ });
    await boxes.nth(1).check();
    await boxes.nth(2).check();
    const bar = page.getByRole('region', { name: '已选 2 个点位' });
    await bar.getByRole('button', { name: '开放领办' }).click();
    const dialog = page.getByRole('dialog', { name: '开放领办' });
    await dialog.getByLabel('名额').fill('0');
    await dialog.getByRole('button', { name: '开放领办' }).click();
    await expect(dialog.getByRole('alert')).toContainText('1 到 20');
    await dialog.getByLabel('名额').fill('1');
    await dialog.getByLabel('说明').fill(`请就近领办 ${UNIQUE}`);
    await look(page, 'offer-dialog');
    await dialog.getByRole('button', { name: '开放领办' }).click();
    await expect(page.getByText('已开放 2 个点位')).toBeVisible();

    const phone = await deputyPhone(browser);
    await phone.goto('/deputy#/offers');
    await phone.reload();
    const card = phone.getByRole('article').filter({ hasText: UNIQUE }).first();
    const name = (await card.locator('strong').first().textContent())?.trim() ?? '';
    await card.getByRole('button', { name: /^领办/ }).click();
    await phone.getByRole('dialog').getByRole('button', { name: '领办', exact: true }).click();
    await expect(phone.getByText('已领办，点位已加入本月清单')).toBeVisible();
    await phone.context().close();

    await page.goto('/desk#/offers');
    await page.reload();
    await expect(listed(page).filter({ hasText: UNIQUE })).toHaveCount(1);
    await page.goto('/desk#/sites');
    await page.reload();
    await openFile(page, name);
    await page.getByRole('tab', { name: /^领办/ }).click();
    await expect(page.getByRole('dialog').getByText(/起$/).last()).toBeVisible();
    await look(page, 'file-adoptions');
    await expectAccessible(page);
  });

  test('a site is entered on the map, and its pin is dragged to where a decision moves it', async ({ page }) => {
    await open(page, 'committee', 'sites');
    await page.getByRole('button', { name: '新增点位' }).click();
    const form = page.getByRole('dialog', { name: '新增点位' });
    await form.getByRole('button', { name: '保存' }).click();
    await expect(form.getByText('请选择').first()).toBeVisible();
    await form.getByLabel('所属项目').selectOption({ index: 10 });
    await form.getByLabel('点位名称').fill(`石桥村文化礼堂 ${UNIQUE}`);
    await form.getByLabel('经度').fill('30.54');
    await form.getByLabel('纬度').fill('119.97');
    await expect(form.getByText('经度和纬度填反了')).toBeVisible();
    const pin = form.getByRole('button', { name: '点位位置，可拖动' });
    await expect(pin).toBeVisible();
    const map = form.getByRole('group', { name: /^选位置的地图/ });
    const box = await map.boundingBox();
    if (!box) throw new Error('no map');
    await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await expect(form.getByText(/^位于 /)).toBeVisible();
    await look(page, 'site-form');
    await expectAccessible(page);
    await form.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText(/^点位 .* 已上图$/)).toBeVisible();

    const file = page.getByRole('dialog', { name: `石桥村文化礼堂 ${UNIQUE}` });
    await file.getByRole('button', { name: '调整计划' }).click();
    const plan = page.getByRole('dialog', { name: '调整计划' });
    await plan.getByLabel('决定文号').fill('县人常〔2026〕15号');
    await plan.getByLabel('决定日期').fill('2026-01-05');
    await plan.getByLabel('调整理由').fill('原址地质条件不允许');
    await plan.getByLabel('点位移到别处').check();
    const moving = plan.getByRole('button', { name: '点位位置，可拖动' });
    await expect(moving).toBeVisible();
    await moving.scrollIntoViewIfNeeded();
    const at = await moving.boundingBox();
    if (!at) throw new Error('no pin');
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 3);
    await page.mouse.down();
    await page.mouse.move(at.x + at.width / 2 + 60, at.y + at.height / 3 - 40, { steps: 8 });
    await page.mouse.up();
    await expect(plan.getByText(/距原位置 \d+ 米/)).toBeVisible();
    await look(page, 'plan-map');
    await moving.focus();
    const before = await plan.getByLabel('经度').inputValue();
    await page.keyboard.press('ArrowRight');
    await expect(plan.getByLabel('经度')).not.toHaveValue(before);
    await plan.getByRole('button', { name: '确认调整' }).click();
    await expect(page.getByText('计划已调整')).toBeVisible();
  });

  test('two who mend the same site see each other, and it is withdrawn by a decision', async ({ page, browser }) => {
    await open(page, 'committee', 'sites');
    await listed(page).nth(4).getByRole('button').first().click();
    const file = page.getByRole('dialog').first();
    await file.locator('summary', { hasText: '更多' }).click();
    await file.getByRole('button', { name: '更正文字' }).click();
    const mend = page.getByRole('dialog', { name: '更正文字' });
    await mend.getByLabel('地址').fill(`人民路 8 号 ${UNIQUE}`);
    await mend.getByLabel('理由').fill('地址有错字');
    // Somebody else is quicker.
    const id = Number(page.url().split('/').pop());
    await page.evaluate(async (site) => {
      const detail = await (await fetch(`/api/sites/${site}`)).json();
      const body = {
        name: detail.name,
        address: '别人写的地址',
        unit_id: detail.unit.id,
        people_served: detail.people_served,
        remarks: detail.remarks,
        reason: '核对',
        rev: detail.rev,
      };
      await fetch(`/api/sites/${site}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    }, id);
    await mend.getByRole('button', { name: '保存' }).click();
    await expect(mend.getByText('现在是：别人写的地址')).toBeVisible();
    await look(page, 'mend-conflict');
    await expectAccessible(page);
    await mend.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('点位已更正')).toBeVisible();
    await expect(file.getByText(`人民路 8 号 ${UNIQUE}`)).toBeVisible();

    await file.locator('summary', { hasText: '更多' }).click();
    await look(page, 'more-menu');
    await file.getByRole('button', { name: '撤出计划' }).click();
    const withdraw = page.getByRole('dialog', { name: '撤出计划' });
    await withdraw.getByLabel('决定文号').fill('县人常〔2026〕16号');
    await withdraw.getByLabel('决定日期').fill('2026-01-06');
    await withdraw.getByLabel('理由').fill('并入另一点位实施');
    await withdraw.getByRole('button', { name: '确认撤出' }).click();
    await expect(page.getByText('点位已撤出计划')).toBeVisible();
    const gone = await browser.newPage();
    const answer = await gone.request.get(`${new URL(page.url()).origin}/api/sites/${id}`);
    expect([404, 200]).toContain(answer.status());
    await gone.close();
  });

  test('projects and units are entered and mended', async ({ page }) => {
    await open(page, 'committee', 'plan');
    await page.getByRole('tab', { name: /^承办单位/ }).click();
    await page.getByRole('button', { name: '新增单位' }).click();
    await page.getByLabel('单位名称').fill(`县水利局 ${UNIQUE}`);
    await page.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('单位已保存')).toBeVisible();
    await look(page, 'units');
    await page.getByRole('tab', { name: /^项目/ }).click();
    await page.getByRole('button', { name: '新增项目' }).click();
    const form = page.getByRole('dialog', { name: '新增项目' });
    await form.getByLabel('序号').fill('1');
    await form.getByLabel('项目名称').fill('农村饮水提升');
    await form.getByLabel('牵头单位').selectOption({ label: `县水利局 ${UNIQUE}` });
    await form.getByRole('button', { name: '保存' }).click();
    await expect(form.getByRole('alert')).toContainText('已有同一序号');
    await form.getByLabel('序号').fill(String(100 + (Date.now() % 800)));
    await form.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('项目已保存')).toBeVisible();
    await look(page, 'projects');
    await expectAccessible(page);
  });
});

test.describe('the roster', () => {
  test.use(DESKTOP);

  test('a deputy is entered and leaves, and a new term is looked at before it is entered and taken back', async ({
    page,
  }) => {
    await open(page, 'committee', 'roster');
    await page.getByRole('button', { name: '新增代表' }).click();
    const form = page.getByRole('dialog', { name: '新增代表' });
    await form.getByRole('button', { name: '保存' }).click();
    await expect(form.getByText('请填写').first()).toBeVisible();
    await form.getByLabel('姓名').fill(`顾新 ${UNIQUE}`);
    await form.getByLabel('所属镇街').selectOption({ index: 2 });
    await form.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已保存')).toBeVisible();
    await page.getByLabel('搜索姓名').fill(`顾新 ${UNIQUE}`);
    await expect(page.getByRole('listitem').filter({ hasText: `顾新 ${UNIQUE}` })).toBeVisible();
    await look(page, 'roster');
    await expectAccessible(page);
    await page.getByRole('button', { name: new RegExp(`离任 ?：顾新 ${UNIQUE}`) }).click();
    const leaving = page.getByRole('dialog', { name: /^代表离任/ });
    await leaving.getByLabel('说明').fill('调离本县');
    await leaving.getByRole('button', { name: '离任' }).click();
    await expect(page.getByText(`顾新 ${UNIQUE}已离任`)).toBeVisible();

    await page.getByRole('tab', { name: '换届' }).click();
    await expect(page.getByText('第 17 届', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: '登记新一届' }).click();
    const term = page.getByRole('dialog', { name: '登记新一届' });
    const inTwoMonths = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
    await term.getByLabel('开始日期').fill(inTwoMonths);
    for (const place of [0, 1, 2]) await term.getByRole('checkbox').nth(place).check();
    await term.getByRole('button', { name: '预览' }).first().click();
    await expect(term.getByText(/^留任 \d+ 位，离任 3 位/)).toBeVisible();
    await look(page, 'term-preview');
    await expectAccessible(page);
    await term.getByRole('button', { name: '确认登记' }).click();
    await expect(page.getByText('第 18 届已登记')).toBeVisible();
    await page.getByRole('button', { name: '撤销' }).click();
    await expect(page.getByText('已撤销，所有代表留任')).toBeVisible();
  });
});

test.describe('on a tablet', () => {
  test.use(TABLET);

  test('offers, plan and the form of a site fit', async ({ page }) => {
    await open(page, 'working-committee', 'offers');
    await expect(page.getByRole('heading', { name: '领办', level: 2 })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await look(page, 'tablet-offers');
    await page.goto('/desk#/sites');
    await page.getByRole('button', { name: '新增点位' }).click();
    await expect(page.getByRole('button', { name: '点位位置，可拖动' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await look(page, 'tablet-site-form');
    await expectAccessible(page);
    await page.goto('/desk#/roster');
    await page.reload();
    await expect(page.getByRole('heading', { name: '名册', level: 2 })).toBeVisible();
    await expect(page.getByRole('button', { name: /^更正 ?：/ }).first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await look(page, 'tablet-roster');
  });
});
