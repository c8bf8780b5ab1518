// A deputy's phone on a line that can be cut, and what must hold of a report whatever happened on the way: it is there once, and whole.
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { openSites, reportsSaying } from './deputy_app';
import { test as journey, PHONE } from './journey';
import { Line } from './line';

export const PHONE_HERE = {
  ...PHONE,
  serviceWorkers: 'allow' as const,
  geolocation: { longitude: 120, latitude: 30.5, accuracy: 12 },
  permissions: ['geolocation'],
};

/** Every page of these journeys is asked for through a line that can be cut. */
export const test = journey.extend<object, { line: Line }>({
  line: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
    async ({}, use, { project }) => {
      const line = await Line.to(project.use.baseURL ?? '');
      await use(line);
      line.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ line }, use) => {
    line.mend();
    await use(line.address);
  },
});

/** The server's own address: what somebody else does there goes past the phone's line. */
export function serverAddress(): string {
  return test.info().project.use.baseURL ?? '';
}

export async function onceAndWhole(
  context: BrowserContext,
  siteId: number,
  words: string,
  pictures = 2,
): Promise<void> {
  // The report is there before the last of its pictures.
  const found = async () =>
    (await reportsSaying(context, serverAddress(), siteId, words)).map(({ photos, missing_photos }) => [
      photos.length,
      missing_photos.length,
    ]);
  await expect.poll(found, { message: words }).toEqual([[pictures, 0]]);
}

/** The phone is out of reach, and knows it. */
export async function cutOff(context: BrowserContext, line: Line): Promise<void> {
  line.cut();
  await context.setOffline(true);
}

/** The network is back, and the phone notices. */
export async function mend(page: Page, line: Line): Promise<void> {
  line.mend();
  await page.context().setOffline(false);
  await page.evaluate(() => dispatchEvent(new Event('online')));
}

export async function firstSite(page: Page): Promise<number> {
  const [site] = await openSites(page);
  if (site === undefined) throw new Error('no site takes a report');
  return site;
}
