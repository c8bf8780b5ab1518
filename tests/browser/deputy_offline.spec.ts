// The deputies' app on a bad line: cut at every request of a report, killed, full, with a wrong clock. Each time the server has exactly one
// report, whole.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import {
  appIsKept,
  monthIsShown,
  openAs,
  openSites,
  owedSites,
  receiptIsShown,
  reportsSaying,
  signInByForm,
  submit,
  write,
} from './deputy_app';
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
      const words = `第${number}个请求${cut === 'before' ? '没送出' : '没回音'}`;
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

const SKEWS: [string, number][] = [
  ['快三小时', 3 * 3600],
  ['慢三小时', -3 * 3600],
  ['快一个月', 30 * 86_400],
  ['慢一个月', -30 * 86_400],
  ['停在1970年', -56 * 365 * 86_400],
  ['到了2099年', 73 * 365 * 86_400],
];

test('a phone whose clock is wrong reports for the month the server sees, once', async ({ page, context, line }) => {
  test.setTimeout(120_000);
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  const { month } = await owedSites(page);
  await page.close();
  for (const [words, seconds] of SKEWS) {
    const wrong = await context.newPage();
    await wrong.addInitScript((skew) => {
      const Real = Date;
      const skewed = class extends Real {
        constructor(...given: unknown[]) {
          if (given.length === 0) super(Real.now() + skew);
          else super(...(given as [number]));
        }
        static override now = () => Real.now() + skew;
      };
      globalThis.Date = skewed as DateConstructor;
    }, seconds * 1000);
    await wrong.goto(`${line.address}/deputy`);
    await monthIsShown(wrong);
    await write(wrong, site, { words });
    await submit(wrong);
    await receiptIsShown(wrong);
    const doubted = seconds > 300 || seconds < -92 * 86_400;
    await expect(wrong.getByText('手机时间与服务器相差较大'), words).toHaveCount(doubted ? 1 : 0);
    const [report] = await reportsSaying(context, line.address, site, words);
    expect(report?.month, words).toBe(month);
    await onceAndWhole(context, site, words);
    await wrong.close();
  }
});

/** Ends the browser that was started on this folder, as a phone does that runs out of memory: at once. */
function kill(folder: string): void {
  const pids = execFileSync('pgrep', ['-f', `user-data-dir=${folder}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
}

test('a report outlives the death of the browser at any step', async ({ line }) => {
  test.setTimeout(150_000);
  const folder = mkdtempSync(join(tmpdir(), 'deputy-phone-'));
  const use = test.info().project.use;
  const open = () => chromium.launchPersistentContext(folder, { ...use.launchOptions, ...PHONE_HERE, locale: 'zh-CN' });
  let context = await open();
  let page = await context.newPage();
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  // Dead for the report itself, for its first picture, for its second; and the words alone, before anything is sent.
  const steps: [string, (path: string, photos: number) => boolean][] = [
    ['死在报告之前', (path) => path.startsWith('/api/reports')],
    ['死在照片之前', (path) => path.startsWith('/api/photos')],
    ['死在两张照片之间', (path, photos) => path.startsWith('/api/photos') && photos > 1],
  ];
  for (const [words, isDead] of steps) {
    await write(page, site, { words });
    let photos = 0;
    line.deadFor = (method, path) => {
      if (path.startsWith('/api/photos')) photos += 1;
      return method === 'PUT' && isDead(path, photos);
    };
    await submit(page);
    await expect(page.getByRole('button', { name: '再试一次' })).toBeVisible({ timeout: 20_000 });
    kill(folder);
    await context.close().catch(() => undefined);
    line.mend();
    context = await open();
    page = await context.newPage();
    await page.goto(`${line.address}/deputy`);
    // A browser that dies within half a minute may not have written down who was signed in: then it asks, and goes on.
    const month = page.getByRole('heading', { name: /月督查反馈/ });
    const asks = page.getByLabel('账号');
    await expect(month.or(asks).first()).toBeVisible();
    if (await asks.isVisible()) await signInByForm(page, 'deputy');
    await monthIsShown(page);
    await expect
      .poll(
        async () => (await reportsSaying(context, line.address, site, words)).map((each) => each.missing_photos.length),
        { timeout: 30_000 },
      )
      .toEqual([0]);
    await onceAndWhole(context, site, words);
  }
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});
