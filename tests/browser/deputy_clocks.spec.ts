// Phones whose clock is wrong: a little, by a month, by a lifetime, and just over the edges of what is believed.
import { monthIsShown, openAs, owedSites, receiptIsShown, reportsSaying, submit, write } from './deputy_app';
import { firstSite, onceAndWhole, PHONE_HERE, test } from './deputy_line';
import { expect } from './journey';
import { moveDate, setClock } from './own_server';

test.use(PHONE_HERE);

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What the phone's clock says instead of `now`, and whether the server has to doubt it. */
function skews(now: number, month: string): [words: string, shown: number, doubted: boolean][] {
  const begins = Date.parse(`${month}-01T00:00:00+08:00`);
  const next = new Date(begins + 32 * DAY + 8 * 60 * MINUTE).toISOString().slice(0, 7);
  const ends = Date.parse(`${next}-01T00:00:00+08:00`);
  return [
    ['快不到五分钟', now + 4.7 * MINUTE, false],
    ['快五分钟多', now + 5.5 * MINUTE, true],
    ['慢不到五分钟', now - 4.7 * MINUTE, false],
    ['慢五分钟多', now - 5.5 * MINUTE, true],
    ['快三小时', now + 180 * MINUTE, true],
    ['慢三小时', now - 180 * MINUTE, true],
    ['快一个月', now + 30 * DAY, true],
    ['慢一个月', now - 30 * DAY, true],
    ['慢九十一天', now - 91 * DAY, true],
    ['慢九十三天', now - 93 * DAY, true],
    ['停在1970年', 30 * DAY, true],
    ['到了2099年', Date.UTC(2099, 0, 1), true],
    ['已经翻到下个月', ends + 5 * MINUTE, Math.abs(ends - now) > 15 * MINUTE],
    ['还停在上个月末', begins - 5 * MINUTE, Math.abs(begins - now) > 15 * MINUTE],
  ];
}

test('a phone whose clock is wrong reports for the month the server sees, once', async ({ page, context, line }) => {
  test.setTimeout(150_000);
  await page.addInitScript(moveDate, 0);
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  const { month } = await owedSites(page);
  for (const [words, shown, doubted] of skews(Date.now(), month)) {
    await setClock(page, new Date(shown));
    await write(page, site, { words, pictures: 1 });
    await submit(page);
    await receiptIsShown(page);
    await expect(page.getByText('手机时间与服务器相差较大'), words).toHaveCount(doubted ? 1 : 0);
    const [report] = await reportsSaying(context, line.address, site, words);
    expect(report?.month, words).toBe(month);
    await onceAndWhole(context, site, words, 1);
  }
});

test('opened under a clock that is years off, the app shows the county’s days and not the phone’s', async ({
  page,
  context,
  line,
}) => {
  await openAs(page, line.address, 'deputy');
  const days = (await page.getByText(/还剩 \d+ 天|今天截止/).textContent()) ?? '';
  for (const year of [1971, 2099]) {
    const wrong = await context.newPage();
    await wrong.addInitScript(moveDate, Date.UTC(year, 0, 1) - Date.now());
    await wrong.goto(`${line.address}/deputy`);
    await monthIsShown(wrong);
    await expect(wrong.getByText(days, { exact: true })).toBeVisible();
    await wrong.close();
  }
});
