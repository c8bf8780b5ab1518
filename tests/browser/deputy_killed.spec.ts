// The phone's browser dies: while words are typed, on a phone that is full, and at every step of a report on its way. What was said to be kept
// is there when it is opened again, and the server has each report once.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import {
  appIsKept,
  go,
  monthIsShown,
  openAs,
  reportsSaying,
  signInByForm,
  smallPicture,
  submit,
  write,
} from './deputy_app';
import { firstSite, onceAndWhole, PHONE_HERE, test } from './deputy_line';
import { expect, expectAccessible, keepPicture } from './journey';

/** A phone whose browser can be killed, and opened again on what it kept. */
class Phone {
  readonly #folder = mkdtempSync(join(tmpdir(), 'deputy-phone-'));
  #context: BrowserContext | null = null;

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the phone is off');
    return this.#context;
  }

  async open(): Promise<Page> {
    const { launchOptions } = test.info().project.use;
    const options = { ...launchOptions, ...PHONE_HERE, locale: 'zh-CN' };
    this.#context = await chromium.launchPersistentContext(this.#folder, options);
    return this.#context.newPage();
  }

  /** Ends the browser as a phone does that runs out of memory: at once. */
  async kill(): Promise<void> {
    const pids = execFileSync('pgrep', ['-f', `user-data-dir=${this.#folder}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It went with its parent.
      }
    }
    await this.#context?.close().catch(() => undefined);
  }

  /** Opens the app again at `hash`, and signs in where it asks. */
  async openAgain(address: string, hash = '#/month'): Promise<Page> {
    const page = await this.open();
    await page.goto(`${address}/deputy${hash}`);
    // A browser that dies within half a minute may not have written down who was signed in: then it asks, and goes on.
    const shown = page.getByRole('heading', { name: /督查反馈/ });
    const asks = page.getByLabel('账号');
    await expect(shown.or(asks).first()).toBeVisible();
    if (await asks.isVisible()) await signInByForm(page, 'deputy');
    await expect(shown.first()).toBeVisible();
    return page;
  }

  async throwAway(): Promise<void> {
    await this.context.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const said = (page: Page) => page.getByText(/草稿已自动保存/);
const full = (page: Page) => page.getByRole('alert').filter({ hasText: '手机存储空间满了' });

/** From now on the phone has no room: for pictures, or for anything. */
function fill(page: Page, what: 'pictures' | 'everything'): Promise<void> {
  return page.evaluate((kind) => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given: Parameters<typeof put>) {
      if (kind === 'everything' || this.name === 'pictures') throw new DOMException('no room', 'QuotaExceededError');
      return put.apply(this, given);
    };
  }, what);
}

test('killed while typing, and on a full phone: what was said to be kept is kept, and what was not is told before', async ({
  line,
}) => {
  test.setTimeout(120_000);
  const phone = new Phone();
  let page = await phone.open();
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  const form = `#/sites/${site}/report`;
  const words = () => page.getByLabel('说明情况');
  const pictures = () => page.getByRole('img', { name: /^第 \d 张照片/ });

  await go(page, form);
  await page.getByText('正在施工或实施').click();
  // A report of this month that is being amended brings its words and pictures along.
  await words().fill('');
  while ((await pictures().count()) > 0) await page.getByRole('button', { name: /^移除第 1 张照片/ }).click();
  await words().pressSequentially('还没有点提交就');
  await expect(said(page)).toBeVisible();
  await words().pressSequentially('断电了');
  await expect.poll(() => draftWords(page)).toBe('还没有点提交就断电了');
  await phone.kill();
  page = await phone.openAgain(line.address, form);
  await expect(words()).toHaveValue('还没有点提交就断电了');
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);

  await fill(page, 'pictures');
  await page.locator('input[type=file][multiple]').setInputFiles(await smallPicture(page));
  await expect(pictures()).toHaveCount(1);
  await expect(full(page)).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, 'deputy-phone-full');
  await words().fill('照片存不下了，文字还在');
  await expect.poll(() => draftWords(page)).toBe('照片存不下了，文字还在');
  await phone.kill();
  page = await phone.openAgain(line.address, form);
  await expect(words()).toHaveValue('照片存不下了，文字还在');
  await expect(pictures(), 'the picture was said not to be kept').toHaveCount(0);

  await fill(page, 'everything');
  await words().fill('这一句连文字也存不下');
  await expect(full(page)).toBeVisible();
  await phone.kill();
  page = await phone.openAgain(line.address, form);
  await expect(words(), 'the last that was kept').toHaveValue('照片存不下了，文字还在');
  await page.locator('input[type=file][multiple]').setInputFiles(await smallPicture(page));
  await expect(pictures()).toHaveCount(1);
  const reason = page.getByLabel('为什么退回到更早的状态？');
  if (await reason.isVisible()) await reason.fill('上次看错了');
  await page.getByRole('button', { name: '预览并提交' }).click();
  await submit(page);
  await expect(page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
  await onceAndWhole(phone.context, site, '照片存不下了，文字还在', 1);
  await phone.throwAway();
});

/** What the phone has of the words being written. */
function draftWords(page: Page): Promise<string | undefined> {
  return page.evaluate(
    () =>
      new Promise((resolve, refuse) => {
        const opening = indexedDB.open('minsheng-deputy');
        opening.onerror = () => refuse(opening.error);
        opening.onsuccess = () => {
          const asked = opening.result.transaction('drafts').objectStore('drafts').getAll();
          asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result[0]?.words);
          };
        };
      }),
  );
}

test('a report outlives the death of the browser at any step', async ({ line }) => {
  test.setTimeout(150_000);
  const phone = new Phone();
  let page = await phone.open();
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
    await phone.kill();
    line.mend();
    page = await phone.openAgain(line.address);
    await monthIsShown(page);
    await expect
      .poll(
        async () =>
          (await reportsSaying(phone.context, line.address, site, words)).map((each) => each.missing_photos.length),
        { timeout: 30_000 },
      )
      .toEqual([0]);
    await onceAndWhole(phone.context, site, words);
  }
  await phone.throwAway();
});
