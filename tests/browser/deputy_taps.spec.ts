// How quickly a prepared deputy reports: taps are counted from the opened app to the receipt, the phone's own camera aside.
import { monthIsShown, openAs, receiptIsShown, smallPicture } from './deputy_app';
import { expect, expectAccessible, expectNoSidewaysScroll, PHONE, test } from './journey';

test.use({ ...PHONE, geolocation: { longitude: 120, latitude: 30.5, accuracy: 12 }, permissions: ['geolocation'] });

test('eight taps and a minute are enough', async ({ page, baseURL }) => {
  await openAs(page, baseURL ?? '', 'deputy2');
  await page.evaluate(() => {
    const counted = globalThis as unknown as { taps: number };
    counted.taps = 0;
    addEventListener('pointerdown', () => (counted.taps += 1), true);
  });
  const began = Date.now();
  await page
    .getByRole('link', { name: /填写反馈|修改反馈|重新反馈/ })
    .first()
    .tap();
  await page.getByText('正在施工或实施').tap();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByText('拍照', { exact: true }).tap(),
  ]);
  await chooser.setFiles(await smallPicture(page));
  await expect(page.getByRole('img', { name: /^第 1 张照片/ })).toBeVisible();
  await page.getByRole('button', { name: '质量问题' }).tap();
  const reason = page.getByLabel('为什么退回到更早的状态？');
  if (await reason.isVisible()) await reason.fill('上次看错了');
  await page.getByRole('button', { name: '预览并提交' }).tap();
  await page.getByRole('button', { name: '确认提交' }).tap();
  await receiptIsShown(page);
  const taps = await page.evaluate(() => (globalThis as unknown as { taps: number }).taps);
  expect(taps).toBeLessThanOrEqual(8);
  expect(taps, 'every tap was counted').toBeGreaterThanOrEqual(5);
  expect(Date.now() - began).toBeLessThan(60_000);
});

test('the pages of the month are readable in large type and by assistive technology', async ({ page, baseURL }) => {
  await page.context().addCookies([{ name: 'minsheng_type', value: 'large', url: baseURL ?? '' }]);
  await openAs(page, baseURL ?? '', 'deputy');
  for (const path of ['month', 'visits', 'offers', 'colleagues', 'outbox', 'notices', 'record', 'me']) {
    await page.evaluate((to) => (location.hash = `#/${to}`), path);
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});

test('sites are ordered by distance, put in a round, and opened in the map apps people have', async ({
  page,
  baseURL,
}) => {
  await openAs(page, baseURL ?? '', 'deputy');
  await monthIsShown(page);
  await page.getByRole('button', { name: '由近到远' }).click();
  await expect(page.getByRole('button', { name: '由近到远' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('link', { name: '安排走访路线' }).click();
  await expect(page.getByRole('heading', { name: '走访路线' })).toBeVisible();
  const first = page.getByRole('listitem').filter({ hasText: '第 1 站' });
  if ((await first.count()) > 0) {
    await expect(first.getByText(/距您/)).toBeVisible();
    await expect(first.getByRole('link', { name: '高德地图' })).toHaveAttribute('href', /coordinate=gaode/);
    await expect(first.getByRole('link', { name: '百度地图' })).toHaveAttribute('href', /coord_type=bd09ll/);
  }
});

test('an offered site is adopted, and handed over with its reason', async ({ page, baseURL, browser }) => {
  const origin = baseURL ?? '';
  await openAs(page, origin, 'deputy2');
  const desk = await browser.newContext();
  const password = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
  const headers = () => ({ origin, 'idempotency-key': crypto.randomUUID() });
  await desk.request.post(`${origin}/api/session`, { data: { login: 'committee', password }, headers: headers() });
  const list = await desk.request.get(`${origin}/api/sites?limit=1000`);
  const { items } = (await list.json()) as { items: { id: number; name: string; struck_off_on: string | null }[] };
  const own = (await page.evaluate(async () => (await fetch('/api/me/sites')).json())) as {
    items: { site: { id: number } }[];
  };
  const mine = new Set(own.items.map(({ site }) => site.id));
  const site = items.find(({ id, struck_off_on }) => struck_off_on === null && !mine.has(id));
  if (!site) throw new Error('no site to offer');
  const offered = await desk.request.put(`${origin}/api/sites/${site.id}/offer`, {
    data: { places: 1, words: '请就近领办' },
    headers: headers(),
  });
  expect(offered.status()).toBe(204);
  await page.evaluate(() => (location.hash = '#/offers'));
  await page.reload();
  await page.getByRole('article').filter({ hasText: site.name }).getByRole('button', { name: /^领办/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: '领办', exact: true }).click();
  await expect(page.getByText('已领办，点位已加入本月清单')).toBeVisible();
  await page.evaluate((id) => (location.hash = `#/sites/${id}`), site.id);
  await page.getByRole('button', { name: '移交给别的代表' }).click();
  await page.getByRole('button', { name: '确认移交' }).click();
  await expect(page.getByRole('alert').filter({ hasText: '请选择接手的代表' })).toBeVisible();
  const people = page.getByRole('dialog').getByRole('radio');
  await expect(people.first()).toBeVisible();
  await expectAccessible(page);
  await people.first().check();
  await page.getByRole('button', { name: '确认移交' }).click();
  await expect(page.getByText(/已移交给|还没有开通账号/)).toBeVisible();
  await desk.close();
});
