// The deputies' app as the journeys use it: signing in, a report written in a few seconds, and what the server has of it.
import { type BrowserContext, expect, type Page } from '@playwright/test';

export const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';

export async function signInByForm(page: Page, login: string): Promise<void> {
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

export async function monthIsShown(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: /月督查反馈/ })).toBeVisible();
}

/** Signs the account in within this browser without its form, and opens the app. */
export async function openAs(page: Page, origin: string, login: string): Promise<void> {
  await page.context().request.post(`${origin}/api/session`, {
    data: { login, password: PASSWORD },
    headers: { origin, 'idempotency-key': crypto.randomUUID() },
  });
  await page.goto(`${origin}/deputy`);
  await monthIsShown(page);
}

export function go(page: Page, hash: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** The app's page and files are on the phone. */
export async function appIsKept(page: Page): Promise<void> {
  const kept = async () =>
    navigator.serviceWorker.controller !== null && (await caches.match('/deputy', { ignoreVary: true })) !== undefined;
  await expect.poll(() => page.evaluate(kept), { timeout: 40_000, message: 'the app is kept' }).toBe(true);
}

/** A small picture, different each time. */
export function smallPicture(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  return page
    .evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [120, 90];
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      for (let tile = 0; tile < 48; tile += 1) {
        context.fillStyle = `hsl(${Math.random() * 360} 60% ${20 + Math.random() * 60}%)`;
        context.fillRect((tile % 8) * 15, Math.floor(tile / 8) * 15, 15, 15);
      }
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
      return [...new Uint8Array(await (blob as Blob).arrayBuffer())];
    })
    .then((bytes) => ({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(bytes) }));
}

export interface Written {
  words: string;
  stage?: '正在施工或实施' | '已建成或办结';
  pictures?: number;
}

/** Writes a report on a site and stops before it is sent. */
export async function write(page: Page, siteId: number, { words, stage = '正在施工或实施', pictures = 2 }: Written) {
  // Away first: a receipt gives way when its page is entered again.
  await go(page, '#/month');
  await monthIsShown(page);
  await go(page, `#/sites/${siteId}/report`);
  await expect(page.getByRole('heading', { name: /^督查反馈/ })).toBeVisible();
  await page.getByText(stage).click();
  const shown = page.getByRole('img', { name: /^第 \d 张照片/ });
  while ((await shown.count()) > 0) await page.getByRole('button', { name: /^移除第 1 张照片/ }).click();
  const files = [];
  for (let picture = 0; picture < pictures; picture += 1) files.push(await smallPicture(page));
  if (pictures > 0) await page.locator('input[type=file][multiple]').setInputFiles(files);
  await expect(shown).toHaveCount(pictures);
  await page.getByLabel('说明情况').fill(words);
  const reason = page.getByLabel('为什么退回到更早的状态？');
  if (await reason.isVisible()) await reason.fill('上次看错了');
  await page.getByRole('button', { name: '预览并提交' }).click();
  await expect(page.getByRole('button', { name: '确认提交' })).toBeVisible();
}

export async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: '确认提交' }).click();
}

export async function receiptIsShown(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: '反馈已收到' })).toBeVisible();
}

export interface Reported {
  id: string;
  month: string;
  words: string;
  state: string;
  deputy: { id: number };
  photos: unknown[];
  missing_photos: string[];
}

/** What the server has of a report, asked for beside the phone's line. */
export async function reportsSaying(context: BrowserContext, origin: string, siteId: number, words: string) {
  const answer = await context.request.get(`${origin}/api/sites/${siteId}/reports?limit=100`);
  const { items } = (await answer.json()) as { items: Reported[] };
  return items.filter((report) => report.words === words);
}

interface Owed {
  month: string;
  items: { state: string; site: { id: number; name: string; stage: string } }[];
}

/** What the signed-in deputy owes. */
export async function owedSites(page: Page): Promise<Owed> {
  return page.evaluate(async () => (await fetch('/api/me/sites')).json());
}

/** Sites that take a report, in order of their number. */
export async function openSites(page: Page): Promise<number[]> {
  const { items } = await owedSites(page);
  return items.filter(({ state }) => state !== 'struck_off').map(({ site }) => site.id);
}
