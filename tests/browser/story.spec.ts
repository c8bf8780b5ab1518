// A site's story: from the list to the evidence and back, by hand, by keyboard, by finger and without script.
import {
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  test,
} from './journey';

const rows = (page: Page) => page.locator('ul.sites > li');
const panel = (page: Page) => page.getByRole('article').first();

/** The code of a site whose story has what the journey needs. */
async function findSite(page: Page, wanted: 'comparison' | 'plan_changes'): Promise<string> {
  await page.goto('/list');
  const code = await page.evaluate(async (what) => {
    const { items } = await (await fetch('/api/sites?limit=300')).json();
    for (const { id, code } of items) {
      const story = await (await fetch(`/api/sites/${id}/story`)).json();
      if (what === 'comparison' ? story.comparison : story.plan_changes.length > 0) return code as string;
    }
    return null;
  }, wanted);
  expect(code, `a site with ${wanted}`).toBeTruthy();
  return code as string;
}

for (const [where, device] of [
  ['at a desk', DESKTOP],
  ['on a phone', PHONE],
] as const) {
  test.describe(where, () => {
    test.use(device);

    test('from the list to the photographs, before and after, sharing, and back', async ({ page }) => {
      test.slow();
      await page.goto('/list?stage=completed');
      await rows(page).first().getByRole('button').click();
      const story = panel(page);
      await expect(story.getByRole('heading', { name: '逐月经过' })).toBeVisible();
      await expect(story.getByRole('heading', { name: '领办代表' })).toBeVisible();
      await expect(story.getByRole('heading', { name: '这里有问题？' })).toBeAttached();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);

      await story
        .getByRole('button', { name: /^放大照片/ })
        .first()
        .click();
      const gallery = page.getByRole('dialog');
      const count = gallery.getByText(/^第 \d+ 张，共 \d+ 张$/);
      await expect(count).toContainText('第 1 张');
      await page.keyboard.press('ArrowRight');
      await expect(count).toContainText('第 2 张');
      await gallery.getByRole('button', { name: '上一张' }).click();
      await expect(count).toContainText('第 1 张');
      await expect(gallery.getByRole('img')).toHaveAttribute('alt', /代表拍摄/);
      await page.keyboard.press('Escape');
      await expect(gallery).toBeHidden();

      const slider = story.getByRole('slider');
      await slider.focus();
      await page.keyboard.press('Home');
      await expect(story.getByRole('button', { name: '只看最近' })).toBeDisabled();
      await story.getByRole('button', { name: '只看最初' }).click();
      await expect(slider).toHaveValue('100');

      await story.getByRole('button', { name: '分享' }).click();
      const share = page.getByRole('dialog');
      await expect(share.getByRole('img', { name: /二维码/ })).toBeVisible();
      const code = share.getByRole('img');
      await expect
        .poll(() => code.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0), 'the code is drawn')
        .toBe(true);
      const feed = await share.getByRole('link', { name: /Atom/ }).getAttribute('href');
      expect((await page.request.get(feed ?? '')).headers()['content-type']).toContain('application/atom+xml');
      await page.keyboard.press('Escape');
      await story.getByRole('button', { name: '关闭点位' }).click();
      await expect(page).not.toHaveURL(/\/sites\//);
      await expect(rows(page).first()).toBeVisible();
    });

    test('a changed plan keeps the original and names its decision', async ({ page }) => {
      const code = await findSite(page, 'plan_changes');
      await page.goto(`/sites/${code}`);
      const story = panel(page);
      await expect(story.getByText(/^依据 县人常〔\d+〕\d+号/).first()).toBeVisible();
      await expect(story.getByRole('heading', { name: '逐月经过' })).toBeVisible();
      const more = story.getByRole('button', { name: /再看更早/ });
      if (await more.isVisible()) await more.click();
      await expect(story.getByText('调整计划')).toBeVisible();
      await expectNoSidewaysScroll(page);
    });

    test('in large type and in English nothing is cut off', async ({ page }) => {
      test.slow();
      const code = await findSite(page, 'comparison');
      for (const choice of ['type=large', 'lang=en']) {
        await page.goto(`/sites/${code}?${choice}`);
        await expect(panel(page).getByRole('slider')).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    });

    test.describe('without script', () => {
      test.use({ javaScriptEnabled: false });

      test('the page tells the whole story', async ({ page }) => {
        await page.goto('/list?stage=completed');
        await page
          .getByRole('main')
          .getByRole('link', { name: /./ })
          .filter({ has: page.locator(':scope[href^="/sites/"]') })
          .first()
          .click();
        await expect(page).toHaveURL(/\/sites\//);
        for (const heading of ['领办代表', '逐月经过', '这里有问题？'])
          await expect(page.getByRole('heading', { name: heading })).toBeVisible();
        await expect(page.locator('meta[property="og:title"]')).toHaveAttribute('content', /./);
        await expectNoSidewaysScroll(page);
        await keepPicture(page, `site-page-${where === 'on a phone' ? 'phone' : 'desktop'}`);
      });
    });
  });
}
