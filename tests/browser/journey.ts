// What every browser journey shares: the promise kept on every page (nothing refused by the Content-Security-Policy, nothing asked from a
// foreign host, no error thrown), signing in, the accessibility check and the README's pictures.
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';

export type { Page };
export { expect };

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
export const DESKTOP = { viewport: { width: 1440, height: 900 } };

const PICTURES = join(__dirname, '..', '..', 'docs', 'screenshots');

/** Whoever uses this context comes from a network of their own, as residents do: what one network may send is limited. */
export async function fromElsewhere(context: BrowserContext): Promise<void> {
  const octet = () => Math.floor(Math.random() * 256);
  await context.setExtraHTTPHeaders({ 'x-forwarded-for': `198.18.${octet()}.${octet()}` });
}

/** What pages did that no page may do. */
async function watchPromises(context: BrowserContext, baseURL: string): Promise<string[]> {
  const broken: string[] = [];
  const own = new URL(baseURL).host;
  await context.exposeFunction('reportViolation', (words: string) => broken.push(`policy: ${words}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation: (words: string) => void }).reportViolation;
      report(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== own)
      broken.push(`foreign host: ${url}`);
  });
  // What a worker was refused is told on the console only.
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) broken.push(`policy: ${message.text()}`);
  });
  context.on('weberror', (error) => broken.push(`thrown: ${error.error().message}`));
  return broken;
}

/** A test whose pages are watched from beginning to end. */
export const test = base.extend<{ promises: string[] }>({
  promises: [
    async ({ context, baseURL }, use) => {
      const broken = await watchPromises(context, baseURL ?? '');
      await use(broken);
      expect(broken, 'policy violations, foreign hosts, thrown errors').toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs an account in, in this page's browser; a demo account unless its password is given. */
export async function signIn(page: Page, login: string, own?: string): Promise<void> {
  const password = own ?? process.env['MINSHENG_DEMO_PASSWORD'] ?? '';
  const status = await page.evaluate(
    async (body) => {
      const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await fetch('/api/session', request)).status;
    },
    { login, password },
  );
  expect(status, `sign in as ${login}`).toBe(200);
}

/** The reader has chosen language and size of type on an earlier visit. */
export async function chooseFor(page: Page, choice: { language: 'zh-CN' | 'en'; large: boolean }): Promise<void> {
  const url = test.info().project.use.baseURL ?? '';
  await page.context().addCookies([
    { name: 'minsheng_lang', value: choice.language, url },
    { name: 'minsheng_type', value: choice.large ? 'large' : 'normal', url },
  ]);
}

/** WCAG 2.2 A and AA with what went before, and what axe calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No serious or critical finding of axe on the page as it stands. Where the same colours have been checked already, contrast (most of the
 * time it takes) may be left out. */
export async function expectAccessible(page: Page, { contrast = true } = {}): Promise<void> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(RULES);
  if (!contrast) axe.disableRules('color-contrast');
  // Nothing here is in a frame of another origin, which is what the slower way is for.
  const { violations } = await axe.setLegacyMode(true).analyze();
  const grave = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
  // What a map shows lies where it lies (WCAG 2.5.8); the list of townships has the same.
  for (const each of grave.filter(({ id }) => id === 'target-size')) {
    const onMap = await Promise.all(each.nodes.map(({ target }) => isRing(page, String(target[0]))));
    each.nodes = each.nodes.filter((_, at) => !onMap[at]);
  }
  expect(
    grave
      .filter(({ nodes }) => nodes.length > 0)
      .map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).join(', ')}`),
  ).toEqual([]);
}

function isRing(page: Page, selector: string): Promise<boolean> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => element.closest('.township-rings') !== null);
}

/** Nothing may stick out of the page to the side. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(beyond, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}

/** Keeps a picture for the README, only when asked to (`UPDATE_SCREENSHOTS=1`). */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] === '1') await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
