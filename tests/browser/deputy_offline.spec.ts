// The deputies' app on a bad line: cut at every request of a report, opened without network, full. Each time the server has exactly one
// report, whole.
import { appIsKept, monthIsShown, openAs, openSites, receiptIsShown, submit, write } from './deputy_app';
import { cutOff, firstSite, mend, onceAndWhole, PHONE_HERE, test } from './deputy_line';
import { expect, expectAccessible } from './journey';
import type { Cut } from './line';

test.use(PHONE_HERE);

interface Owed {
  state: string;
  site: { id: number };
  previous: { photos: { missing: boolean; thumbnail_url: string }[] } | null;
}

test('cut at every request of a report, before and after the server heard of it, it arrives once', async ({
  page,
  context,
  line,
}) => {
  test.setTimeout(180_000);
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  let requests = 1;
  for (const cut of ['before', 'after'] satisfies Cut[]) {
    for (let number = 0; number < requests; number += 1) {
      const words = `第${number}个请求${cut === 'before' ? '没送出' : '没回音'}，第${test.info().retry + 1}遍`;
      await write(page, site, { words });
      line.cutAt(number, cut);
      await submit(page);
      const stopped = page.getByRole('button', { name: '再试一次' });
      const received = page.getByRole('heading', { name: '反馈已收到' });
      await expect(stopped.or(received).first()).toBeVisible({ timeout: 20_000 });
      requests = Math.max(requests, Math.min(line.asked.length + 1, 7));
      await mend(page, line);
      await receiptIsShown(page);
      await onceAndWhole(context, site, words);
    }
  }
  expect(requests, 'who is signed in, the report, two pictures, and what is owed afterwards').toBeGreaterThanOrEqual(5);
});

test('the app opens on a dead line from every request of its opening on, and writing goes on', async ({
  page,
  context,
  line,
}) => {
  test.setTimeout(120_000);
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  for (let number = 0; number < 5; number += 1) {
    line.cutAt(number, 'before');
    await page.reload();
    await monthIsShown(page);
    line.mend();
  }
  await cutOff(context, line);
  await page.reload();
  await monthIsShown(page);
  await expect(page.getByRole('status').filter({ hasText: '没有网络' })).toBeVisible();
  await expectAccessible(page);
  await write(page, site, { words: '没有网络时写的' });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();
  await page.getByRole('link', { name: '本月督查' }).first().click();
  await expect(page.getByRole('heading', { name: /1 份反馈还在手机里/ })).toBeVisible();
  await page.getByRole('link', { name: '查看', exact: true }).first().click();
  await expect(page.getByText('等待网络，连上后自动提交')).toBeVisible();
  await expectAccessible(page);
  await mend(page, line);
  await expect(page.getByText('没有待提交的反馈，都送到了。')).toBeVisible();
  await onceAndWhole(context, site, '没有网络时写的');
});

test("without network, last month's picture still shows where to stand", async ({ page, context, line }) => {
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const guided = async () => {
    const answer = await context.request.get(`${line.address}/api/me/sites`);
    const { items } = (await answer.json()) as { items: Owed[] };
    return items.find(({ state, previous }) => state === 'owed' && previous?.photos.some(({ missing }) => !missing));
  };
  const owed = await guided();
  if (owed === undefined) throw new Error('no site has a picture of last month');
  // The visit on which the app is kept comes before its worker answers; from the next on it keeps what passes.
  await page.reload();
  await monthIsShown(page);
  const address = owed.previous?.photos.find(({ missing }) => !missing)?.thumbnail_url ?? '';
  const isKept = (wanted: string) => caches.match(wanted).then((answer) => answer !== undefined);
  await expect.poll(() => page.evaluate(isKept, address), { message: 'the picture is on the phone' }).toBe(true);
  await cutOff(context, line);
  await page.reload();
  await monthIsShown(page);
  await page.evaluate((id) => (location.hash = `#/sites/${id}/report`), owed.site.id);
  const guide = page.getByRole('figure').filter({ hasText: '上次的' }).locator('img');
  await expect
    .poll(() => guide.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBeGreaterThan(0);
});

test('a queue of several sites goes in one call when the network returns', async ({ page, context, line }) => {
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const sites = (await openSites(page)).slice(0, 3);
  await cutOff(context, line);
  for (const site of sites) {
    await write(page, site, { words: `一次送到 ${site}`, pictures: 1 });
    await submit(page);
    await expect(page.getByText('网络不通')).toBeVisible();
  }
  line.count();
  await mend(page, line);
  await page.evaluate(() => (location.hash = '#/outbox'));
  await expect(page.getByText('没有待提交的反馈，都送到了。')).toBeVisible();
  for (const site of sites) await onceAndWhole(context, site, `一次送到 ${site}`, 1);
  const calls = line.asked.filter((call) => /^PUT \/api\/reports/.test(call));
  expect(calls).toEqual(sites.length > 1 ? ['PUT /api/reports'] : [expect.anything()]);
});

test('a full phone says so in words, loses no words, and sends all the same', async ({ page, context, line }) => {
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  await write(page, site, { words: '空间满之前', pictures: 1 });
  await page.getByRole('button', { name: '返回修改' }).click();
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await page.getByLabel('说明情况').fill('空间满了还在写');
  await expect(page.getByRole('alert').filter({ hasText: '手机存储空间满了' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '预览并提交' }).click();
  await submit(page);
  await receiptIsShown(page);
  await onceAndWhole(context, site, '空间满了还在写', 1);
});
