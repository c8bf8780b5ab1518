// Every page of the deputies' app in large type, in both languages: nothing cut off, nothing that axe finds grave, every target large enough.
import { openSites, smallPicture } from './deputy_app';
import { cutOff, mend, PHONE_HERE, test } from './deputy_line';
import { chooseFor, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, type Page, signIn } from './journey';

test.use(PHONE_HERE);

const WORDS = {
  'zh-CN': {
    preview: '预览并提交',
    submit: '确认提交',
    received: '反馈已收到',
    again: '再试一次',
    reason: '为什么退回到更早的状态？',
  },
  en: {
    preview: 'Preview and submit',
    submit: 'Submit',
    received: 'Report received',
    again: 'Try once more',
    reason: 'Why back to an earlier stage?',
  },
};

/** The county's clock of this minute or the two before. */
function countyClock(): RegExp {
  const said = (minutesAgo: number) =>
    new Date(Date.now() + (8 * 60 - minutesAgo) * 60_000).toISOString().slice(11, 16);
  return new RegExp([0, 1, 2].map(said).join('|'));
}

/** The page as it stands holds, and is written large. */
async function holds(page: Page, name: string): Promise<void> {
  await expect(page.locator('main').getByRole('heading').first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  const clipped = await page.evaluate(() =>
    [...document.querySelectorAll('main *, nav a')]
      .filter((element) => {
        const { overflowX, textOverflow } = getComputedStyle(element);
        const hides = overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis';
        return hides && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => element.textContent?.trim().slice(0, 40)),
  );
  expect(clipped, `${name}: words cut off`).toEqual([]);
  await expectAccessible(page, { contrast: name === 'month' || name === 'preview' });
  await keepPicture(page, `deputy-large-${name}`);
}

for (const language of ['zh-CN', 'en'] as const)
  test(`every page holds in large type: ${language}`, async ({ page, context, line }) => {
    test.setTimeout(120_000);
    const words = WORDS[language];
    const shot = (name: string) => holds(page, language === 'en' ? `en-${name}` : name);
    const open = async (hash: string) => {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.waitForTimeout(400);
    };
    await chooseFor(page, { language, large: true });
    await page.goto(`${line.address}/deputy`);
    await signIn(page, 'deputy');
    await page.reload();
    await expect(page.locator('main h2').first()).toBeVisible();
    const size = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    expect(size, 'large type').toBeGreaterThanOrEqual(20);
    for (const name of [
      'month',
      'visits',
      'offers',
      'colleagues',
      'notices',
      'notice-settings',
      'record',
      'duty',
      'me',
    ]) {
      await open(`#/${name}`);
      await shot(name);
    }
    const [site = 0] = await openSites(page);
    await open(`#/sites/${site}`);
    await shot('site');
    await open(`#/sites/${site}/report`);
    await page.getByRole('radio').nth(1).check({ force: true });
    await page.locator('input[type=file][multiple]').setInputFiles(await smallPicture(page));
    await page.locator('textarea').first().fill('大字版里写的反馈，说明情况写得长一些，看一看预览里会不会被截断。');
    const reason = page.getByLabel(words.reason);
    if (await reason.isVisible()) await reason.fill('上次看错了');
    await shot('report');
    await page.getByRole('button', { name: words.preview }).click();
    await expect(page.getByRole('button', { name: words.submit, exact: true })).toBeVisible();
    await shot('preview');
    await cutOff(context, line);
    await page.getByRole('button', { name: words.submit, exact: true }).click();
    await expect(page.getByRole('button', { name: words.again })).toBeVisible();
    await shot('waiting');
    await open('#/outbox');
    await expect(page.getByText(countyClock()).first(), 'written when the county’s clock said').toBeVisible();
    await shot('outbox');
    await open(`#/sites/${site}/report`);
    await mend(page, line);
    await expect(page.getByRole('heading', { name: words.received })).toBeVisible();
    await shot('receipt');
  });
