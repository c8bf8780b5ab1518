// The desk's part of a challenge: it waits in the navigation and on the review list, is taken up, cleared and judged in the site's file, and
// what follows is on the public page; at a desk, on a tablet and on a phone.
import type { Page } from '@playwright/test';
import {
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fromElsewhere,
  keepPicture,
  PHONE,
  signIn,
  test,
} from './journey';

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const file = (page: Page) => page.getByRole('dialog').first();

/** Somebody passing by says of a completed site that it is not so. */
async function challengeOne(page: Page, words: string): Promise<{ site: number; number: string }> {
  await fromElsewhere(page.context());
  await page.goto('/list');
  return page.evaluate(async (said) => {
    const { items } = await (await fetch('/api/sites?stage=completed&limit=200')).json();
    const site = items.find((each: { struck_off_on: string | null }) => each.struck_off_on === null);
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const body = { seen: 'in_progress', words: said, photos: [], position: null, website: '', filled_ms: 20_000 };
    const sent = await fetch(`/api/sites/${site.id}/challenges`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (sent.status !== 201) throw new Error(await sent.text());
    return { site: site.id, number: (await sent.json()).number };
  }, words);
}

async function enter(page: Page): Promise<void> {
  await page.goto('/desk');
  await signIn(page, 'committee');
  await page.goto('/desk#/challenges');
  await page.reload();
  await expect(page.getByRole('heading', { name: '质疑', exact: true })).toBeVisible();
}

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('a challenge is taken up, cleared without its telephone number, judged, and the stage is another', async ({
    page,
  }) => {
    const { site, number } = await challengeOne(page, '门口的路还没有铺，请打13800001111问我');
    await enter(page);
    await expect(page.getByRole('navigation').getByRole('link', { name: /质疑/ })).toContainText(/\d/);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'desk-challenges');
    await page.goto(`/desk#/challenges/${site}`);
    const card = file(page).locator('article', { hasText: number });
    await expect(card).toContainText('手机号');
    await card.getByRole('button', { name: '受理', exact: true }).click();
    await page.getByLabel('给代表和单位的话').fill('请三日内到现场核实');
    await page.getByRole('dialog').last().getByRole('button', { name: '受理', exact: true }).click();
    await expect(card).toContainText('核实中');
    await card.getByRole('button', { name: '公开内容' }).click();
    const clearing = page.getByRole('dialog').last();
    await clearing.getByLabel('公开文字').check();
    await expect(clearing.getByLabel('公开的文字')).not.toHaveValue(/1380000/);
    await clearing.getByRole('button', { name: '公开内容' }).click();
    await expect(card).toContainText('已公开：文字');
    await card.getByRole('button', { name: '作出结论' }).click();
    const judging = page.getByRole('dialog').last();
    await expect(judging).toContainText('状态改为进行中');
    await expectAccessible(page);
    await keepPicture(page, 'desk-challenge-judge');
    await judging.getByLabel('结论（公开）').fill('经现场核实，门口道路尚未铺设');
    await judging.getByRole('button', { name: '作出结论' }).click();
    await expect(card).toContainText('属实');
    await expect
      .poll(async () => (await (await page.request.get(`/api/sites/${site}`)).json()).stage)
      .toBe('in_progress');
    const { code } = await (await page.request.get(`/api/sites/${site}`)).json();
    await page.goto(`/sites/${code}`);
    await expect(page.getByText('经现场核实，门口道路尚未铺设').first()).toBeVisible();
    await expect(page.getByText('门口的路还没有铺').first()).toBeVisible();
    expect(await page.content()).not.toContain('13800001111');
  });

  test('a founded challenge of a struck-off site can only open it again', async ({ page }) => {
    await enter(page);
    await page.getByRole('tab', { name: /待办/ }).click();
    const row = page.locator('tbody tr', { hasText: '已经销号了' });
    await row.getByRole('button').first().click();
    const card = file(page).locator('article', { hasText: '已经销号了' });
    await expect(card).toBeVisible();
    await expect(card.locator('img').first()).toBeVisible();
    // The demo's committee struck most sites off itself: then it takes up and clears, and somebody else judges.
    await expect(card.getByText(/结论须由另一人作出|不予受理/).first()).toBeVisible();
  });

  test('the review list says why and how long', async ({ page }) => {
    await page.goto('/desk');
    await signIn(page, 'committee');
    await page.goto('/desk#/review?reason=challenged');
    await page.reload();
    await expect(page.getByText(/条群众质疑待核实/).first()).toBeVisible();
  });
});

test.describe('on a tablet', () => {
  test.use(TABLET);

  test('list and file fit', async ({ page }) => {
    await enter(page);
    await page.locator('tbody tr').first().waitFor();
    await expectNoSidewaysScroll(page);
    await page.locator('tbody tr').first().getByRole('button').first().click();
    await expect(file(page).locator('article').first()).toBeVisible();
    await expectAccessible(page, { contrast: false });
    await keepPicture(page, 'desk-challenges-tablet');
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('each challenge is a card', async ({ page }) => {
    await enter(page);
    await page.locator('tbody tr').first().waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page, { contrast: false });
    await keepPicture(page, 'desk-challenges-phone');
  });
});
