// The public face for everybody: every page in both languages and sizes of type, on a phone and at a desk; by keyboard alone; enlarged; still.
import {
  chooseFor,
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  type Page,
  PHONE,
  test,
} from './journey';

/** Pages that the server writes whole. */
const PLAIN = [
  '/projects',
  '/stations',
  '/open-data',
  '/bulletins',
  'a bulletin',
  'a deputy',
  '/ogc',
  '/ogc/collections',
  '/ogc/collections/sites/items?limit=5',
  '/sites/no-such-site',
  '/list?stage=no-such-stage',
];
/** Pages that the server writes as well, and whose place the app takes. */
const APP = ['/', '/list', '/figures', 'a site'];

const SIZES = { desk: DESKTOP.viewport, phone: PHONE.viewport };
const MAP_MS = 50_000;

/** The address of a page that is named after what it shows. */
async function addressOf(page: Page, name: string): Promise<string> {
  const read = async (path: string) => (await page.request.get(path)).json();
  if (name === 'a site') return `/sites/${(await read('/api/sites?limit=1')).items[0].code}`;
  if (name === 'a bulletin') return `/bulletins/${(await read('/api/map/months')).items.at(-2).month}`;
  if (name !== 'a deputy') return name;
  for (const { id } of (await read('/api/sites?limit=20')).items) {
    const [adopter] = (await read(`/api/sites/${id}`)).adopters;
    if (adopter) return `/deputies/${adopter.id}`;
  }
  throw new Error('no deputy has adopted a site');
}

/** The page as a reader without script has it; axe itself still runs. */
async function withoutApp(page: Page): Promise<void> {
  await page.route(/\/assets\/.*\.js$/, (route) => route.abort());
}

/** The app has taken its place and shows its content, the map if it has one. */
async function appIsThere(page: Page): Promise<void> {
  await expect(page.locator('.served')).toHaveCount(0);
  await expect(page.locator('main').first()).toBeVisible();
  await expect(page.getByText(/正在加载|Loading…/)).toHaveCount(0);
}

/** The window in another size, drawn: what is measured right after the call may still be the former page's. */
async function resize(page: Page, viewport: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(viewport);
  await page.waitForFunction((width) => innerWidth === width, viewport.width);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** What large type promises, or the ordinary size: body, headings of pages and sections, and the controls one meets first. */
async function expectSizes(page: Page, large: boolean, size: string): Promise<void> {
  const sizes = await page.evaluate(() => {
    const seen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .for-readers');
    const pixels = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
    const named = (element: Element) => `${element.tagName} ${(element.textContent ?? '').trim().slice(0, 20)}`;
    const all = (selector: string) => [...document.querySelectorAll(selector)].filter(seen);
    const controls = all(
      'main button, main select, header button, .choices a, .ways a, .tiles a, .onward a, input[type=search], summary',
    );
    return {
      body: pixels(document.querySelector('main') ?? document.body),
      headings: all('h1, h2')
        .filter((each) => !each.closest('li'))
        .map((each) => [named(each), pixels(each)] as const),
      controls: controls
        .filter((each) => !each.closest('.maplibregl-ctrl, .township-rings, p, dd, td, th, figcaption'))
        .map((each) => [named(each), Math.round(each.getBoundingClientRect().height)] as const)
        .filter(([, height]) => height > 0),
    };
  });
  expect.soft(sizes.body, 'the size of the text').toBe(large ? 22 : 16);
  if (large)
    expect
      .soft(
        sizes.headings.filter(([, size]) => size < 30),
        'headings smaller than 30 px',
      )
      .toEqual([]);
  // A mouse at a desk needs less than a thumb.
  const least = large ? 60 : size === 'phone' ? 44 : 32;
  expect
    .soft(
      sizes.controls.filter(([, height]) => height < least),
      `controls lower than ${least} px`,
    )
    .toEqual([]);
}

/** No words end at the edge of their box, and none lie beyond the page's. */
async function expectNothingClipped(page: Page): Promise<void> {
  const clipped = await page.evaluate(() => {
    const hasWords = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const moves = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || moves(element.parentElement));
    return [...document.querySelectorAll('body *')]
      .filter((each) => hasWords(each) && each.checkVisibility({ visibilityProperty: true }))
      .filter(
        (each) =>
          !each.closest(
            '.visually-hidden, .for-readers, .skip, .long, option, select, .maplibregl-map, caption.visually-hidden',
          ),
      )
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        const cut = getComputedStyle(each).overflowX !== 'visible' && each.scrollWidth > each.clientWidth + 1;
        return (cut && !moves(each)) || ((right > innerWidth + 1 || left < -1) && !moves(each.parentElement));
      })
      .map((each) => `${each.tagName}.${each.className} ${(each.textContent ?? '').trim().slice(0, 30)}`);
  });
  expect.soft(clipped, 'words cut off').toEqual([]);
}

const LANGUAGES = ['zh-CN', 'en'] as const;

test.describe('in both languages and sizes of type, on a phone and at a desk', () => {
  for (const name of [...PLAIN, ...APP]) {
    test(`${name} as the server writes it`, async ({ page }) => {
      await withoutApp(page);
      const address = await addressOf(page, name);
      for (const language of LANGUAGES) {
        for (const large of [false, true]) {
          await chooseFor(page, { language, large });
          await page.goto(address);
          await expect(page.locator('html')).toHaveAttribute('lang', language);
          for (const [size, viewport] of Object.entries(SIZES)) {
            await test.step(`${language}, ${large ? 'large' : 'normal'} type, ${size}`, async () => {
              await resize(page, viewport);
              await expectSizes(page, large, size);
              await expectNoSidewaysScroll(page);
              await expectNothingClipped(page);
              await expectAccessible(page, { contrast: language === 'zh-CN' && !large });
            });
          }
        }
      }
    });
  }

  for (const name of APP) {
    test(`${name} as the app shows it`, async ({ page }) => {
      test.setTimeout(180_000);
      await page.goto(await addressOf(page, name));
      await appIsThere(page);
      if (name === '/')
        await page.waitForFunction(() => performance.getEntriesByName('map-ready').length > 0, null, {
          timeout: MAP_MS,
        });
      for (const language of LANGUAGES) {
        if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        for (const large of [false, true]) {
          const largeType = page.getByRole('button', { name: /大字版|Large type/ });
          if (((await largeType.getAttribute('aria-pressed')) === 'true') !== large) await largeType.click();
          for (const [size, viewport] of Object.entries(SIZES)) {
            await test.step(`${language}, ${large ? 'large' : 'normal'} type, ${size}`, async () => {
              await resize(page, viewport);
              await appIsThere(page);
              await expectSizes(page, large, size);
              await expectNoSidewaysScroll(page);
              await expectNothingClipped(page);
              await expectAccessible(page, { contrast: language === 'zh-CN' && !large });
            });
          }
        }
      }
    });
  }
});

test.describe('enlarged', () => {
  for (const [name, viewport] of [
    ['320 px wide', { width: 320, height: 640 }],
    ['twice as large at a desk', { width: 720, height: 450 }],
  ] as const) {
    test.describe(name, () => {
      test.use({ viewport });

      for (const large of [false, true]) {
        test(`nothing sticks out to the side, ${large ? 'large' : 'normal'} type`, async ({ page }) => {
          test.setTimeout(180_000);
          await chooseFor(page, { language: 'en', large });
          for (const path of APP) {
            await page.goto(await addressOf(page, path));
            await appIsThere(page);
            await expectNoSidewaysScroll(page);
            await expectNothingClipped(page);
          }
          await withoutApp(page);
          for (const path of [...PLAIN, ...APP]) {
            await page.goto(await addressOf(page, path));
            await expectNoSidewaysScroll(page);
            await expectNothingClipped(page);
          }
        });
      }
    });
  }
});

test.describe('by keyboard alone', () => {
  test.use(DESKTOP);

  /** Presses Tab until the focus is on what is looked for; every stop on the way shows where it is. */
  async function tabTo(page: Page, wanted: string, most = 60): Promise<void> {
    for (let step = 0; step < most; step += 1) {
      await page.keyboard.press('Tab');
      const here = await page.evaluate((selector) => {
        const active = document.activeElement;
        if (!active || active === document.body) return { found: false, shown: true, what: 'body' };
        const style = getComputedStyle(active);
        const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
        return { found: active.matches(selector), shown, what: active.outerHTML.slice(0, 80) };
      }, wanted);
      expect(here.shown, `focus is seen on ${here.what}`).toBe(true);
      if (here.found) return;
    }
    throw new Error(`${wanted} was not reached with ${most} presses of Tab`);
  }

  test('without the app: skip, filter, page, site, back', async ({ page }) => {
    await withoutApp(page);
    await page.goto('/list');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, 'a.in_progress');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/stage=in_progress/);
    await tabTo(page, 'input[type=search]');
    await page.keyboard.type('路');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/q=/);
    await tabTo(page, 'ol.sites a');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/sites\//);
    await page.goBack();
    await expect(page).toHaveURL(/q=/);
  });

  test('with the app: skip, filter, a site, closed again', async ({ page }) => {
    await page.goto('/list');
    await appIsThere(page);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, 'button.not_started');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/stage=not_started/);
    await tabTo(page, 'ul.sites button');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/sites\//);
    await page.keyboard.press('Escape');
    if (/\/sites\//.test(page.url())) {
      await page.getByRole('button', { name: '关闭点位' }).focus();
      await page.keyboard.press('Enter');
    }
    await expect(page).toHaveURL(/\/list\?stage=not_started/);
    await expect(page.locator('ul.sites button').first()).toBeFocused();
  });
});

test.describe('for those whom motion disturbs', () => {
  test.use({ ...DESKTOP, contextOptions: { reducedMotion: 'reduce' } });

  test('nothing on the page moves for longer than a blink', async ({ page }) => {
    await page.goto('/list');
    await appIsThere(page);
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter((each) => Number(each.effect?.getComputedTiming().duration ?? 0) > 50)
        .map((each) => (each as CSSAnimation).animationName ?? 'transition'),
    );
    expect(moving).toEqual([]);
  });
});
