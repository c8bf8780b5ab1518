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

/** Pages that the server writes whole, and the app's pages. */
const PLAIN = ['/projects', '/stations', '/open-data', '/sites/no-such-site', '/list?stage=no-such-stage'];
const APP = ['/', '/list', '/figures'];

async function oneSite(page: Page): Promise<string> {
  const { items } = await (await page.request.get('/api/sites?limit=1')).json();
  return `/sites/${items[0].code}`;
}

/** The page as a reader without script has it; axe itself still runs. */
async function withoutApp(page: Page): Promise<void> {
  await page.route(/\/assets\/.*\.js$/, (route) => route.abort());
}

/** The app has taken its place and shows its content. */
async function appIsThere(page: Page): Promise<void> {
  await expect(page.locator('.served')).toHaveCount(0);
  await expect(page.locator('main').first()).toBeVisible();
  await expect(page.getByText(/正在加载|Loading…/)).toHaveCount(0);
}

for (const [size, device] of [
  ['phone', PHONE],
  ['desk', DESKTOP],
] as const) {
  for (const language of ['zh-CN', 'en'] as const) {
    for (const large of [false, true]) {
      test.describe(`${size}, ${language}, ${large ? 'large' : 'normal'} type`, () => {
        test.use(device);

        test('pages written by the server', async ({ page }) => {
          test.setTimeout(240_000);
          await chooseFor(page, { language, large });
          const site = await oneSite(page);
          await withoutApp(page);
          for (const path of [...PLAIN, ...APP, site]) {
            await page.goto(path);
            await expect(page.locator('html'), path).toHaveAttribute('lang', language);
            await expectAccessible(page);
            await expectNoSidewaysScroll(page);
          }
        });

        test('pages of the app', async ({ page }) => {
          test.setTimeout(240_000);
          await chooseFor(page, { language, large });
          for (const path of [...APP, await oneSite(page)]) {
            await page.goto(path);
            await appIsThere(page);
            await expectAccessible(page);
            await expectNoSidewaysScroll(page);
          }
        });
      });
    }
  }
}

test.describe('controls are large enough for a thumb', () => {
  test.use(PHONE);

  for (const large of [false, true]) {
    test(large ? '60 px in large type' : '44 px', async ({ page }) => {
      const least = large ? 60 : 44;
      await chooseFor(page, { language: 'zh-CN', large });
      await withoutApp(page);
      for (const path of ['/list', '/', '/stations', '/open-data']) {
        await page.goto(path);
        const controls = page.locator(
          '.served :is(.choices a, .ways a, .tiles a, .onward a, button, select, input[type=search], summary)',
        );
        for (const control of await controls.all()) {
          const box = await control.boundingBox();
          if (!box) continue;
          expect(
            Math.round(box.height),
            `${path}: ${(await control.textContent())?.slice(0, 20)}`,
          ).toBeGreaterThanOrEqual(least);
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
          const site = await oneSite(page);
          for (const path of [...APP, site]) {
            await page.goto(path);
            await appIsThere(page);
            await expectNoSidewaysScroll(page);
          }
          await withoutApp(page);
          for (const path of [...PLAIN, ...APP, site]) {
            await page.goto(path);
            await expectNoSidewaysScroll(page);
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
    await page.keyboard.press('Alt+ArrowLeft');
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
