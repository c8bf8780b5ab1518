// What became of a site while a report on it waited on the phone: the phone says what happened and what can be done, and no words are lost.
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import {
  appIsKept,
  go,
  monthIsShown,
  openAs,
  openSites,
  receiptIsShown,
  reportsSaying,
  smallPicture,
  submit,
  write,
} from './deputy_app';
import { cutOff, firstSite, mend, onceAndWhole, PHONE_HERE, serverAddress, test } from './deputy_line';
import { expect, expectAccessible } from './journey';
import { makeMember, Other, reassign, setFigure } from './somebody_else';

test.use(PHONE_HERE);

/** A report is written without network and waits. */
async function writeCutOff(page: Page, site: number, words: string): Promise<void> {
  await write(page, site, { words });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();
}

/** Makes what waits on the phone as old as if it had lain switched off since then. */
async function writtenLongAgo(page: Page, site: number, written: { month: string; writtenAt: string }): Promise<void> {
  await page.evaluate(
    async ({ site, written }) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('minsheng-deputy');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const drafts = database.transaction('drafts', 'readwrite').objectStore('drafts');
      await new Promise<void>((resolve, reject) => {
        const reading = drafts.getAll();
        reading.onsuccess = () => {
          const draft = reading.result.find((each: { siteId: number }) => each.siteId === site);
          const writing = drafts.put({ ...draft, ...written });
          writing.onsuccess = () => resolve();
          writing.onerror = () => reject(writing.error);
        };
      });
      database.close();
    },
    { site, written },
  );
  await page.reload();
  await go(page, '#/month');
  await monthIsShown(page);
}

/** The fifteenth of the month before the last one: final for long, and younger than what a clock may claim. */
function twoMonthsAgo(): { month: string; writtenAt: string } {
  const now = new Date();
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 15, 4));
  return { month: then.toISOString().slice(0, 7), writtenAt: then.toISOString() };
}

test('struck off meanwhile: the report is not taken, and the phone says why', async ({
  page,
  context,
  browser,
  line,
}) => {
  await setFigure(browser, 'strike_off_persons', 1);
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  await cutOff(context, line);
  const words = '断网时写，点位同时销了号';
  await writeCutOff(page, site, words);
  const desk = await Other.as('committee', browser);
  const { rev } = await desk.site(site);
  const completed = { stage: 'completed', percent: 100, reason: '现场已完工', rev };
  // Whoever corrects a stage does not strike off on the strength of it.
  const [login, password] = [`colleague-${Date.now()}`, crypto.randomUUID()];
  await makeMember(browser, login, password);
  const colleague = await Other.as(login, browser, password);
  const corrected = await colleague.send<{ rev: number }>('post', `/api/sites/${site}/correction`, completed);
  await colleague.leave();
  const struck = await desk.send<{ rev: number }>('post', `/api/sites/${site}/strike-off`, {
    note: '验收合格',
    rev: corrected.rev,
  });
  await mend(page, line);
  await go(page, '#/outbox');
  await expect(page.getByText('您填写之后，这个点位已经销号，不再需要反馈。')).toBeVisible();
  await expectAccessible(page);
  expect(await reportsSaying(context, serverAddress(), site, words)).toEqual([]);
  await desk.send('post', `/api/sites/${site}/reopen`, { reason: '还要再看', rev: struck.rev });
  await desk.leave();
});

test('handed to another deputy meanwhile: what was seen before counts, and the next month is theirs', async ({
  page,
  context,
  browser,
  line,
}) => {
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  const [desk, other] = [await Other.as('committee', browser), await Other.as('deputy2', browser)];
  const theirs = await other.deputyId();
  const own = await page.evaluate(async () => {
    const { grants } = await (await fetch('/api/session')).json();
    return grants.find(({ deputy }: { deputy: object | null }) => deputy)?.deputy.id as number;
  });
  await cutOff(context, line);
  const words = '移交之前在现场写的';
  await writeCutOff(page, site, words);
  await reassign(desk, site, own, theirs);
  await mend(page, line);
  await go(page, '#/outbox');
  await expect(page.getByText('没有待提交的反馈，都送到了。')).toBeVisible();
  await onceAndWhole(context, site, words);
  await page.reload();
  await go(page, '#/month');
  await monthIsShown(page);
  expect(await openSites(page), 'the site is no longer on the list').not.toContain(site);
  await reassign(desk, site, theirs, own);
  await desk.leave();
  await other.leave();
});

test('not the deputy’s site when it was written, nor when it arrives: the words can be copied, and the report deleted', async ({
  page,
  context,
  browser,
  line,
}) => {
  await openAs(page, line.address, 'deputy2');
  await appIsKept(page);
  const [desk, self] = [await Other.as('committee', browser), await Other.as('deputy2', browser)];
  const own = await self.deputyId();
  const theirs = await openSites(page);
  const list = await (await context.request.get(`${line.address}/api/sites?stage=in_progress&limit=60`)).json();
  const site = (list.items as { id: number }[]).find(({ id }) => !theirs.includes(id))?.id ?? 0;
  await reassign(desk, site, null, own);
  await page.reload();
  await monthIsShown(page);
  await expect.poll(() => openSites(page)).toContain(site);
  await cutOff(context, line);
  const words = '领办之前就写好的';
  await writeCutOff(page, site, words);
  await writtenLongAgo(page, site, twoMonthsAgo());
  await reassign(desk, site, own, null);
  await mend(page, line);
  await go(page, '#/outbox');
  await expect(page.getByText('填写时这个点位已不由您领办')).toBeVisible();
  await page.getByRole('link', { name: /^查看/ }).click();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: '复制文字' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(words);
  await expectAccessible(page);
  await page.getByRole('button', { name: '删除' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '删除', exact: true }).click();
  await monthIsShown(page);
  await go(page, '#/outbox');
  await expect(page.getByText('没有待提交的反馈，都送到了。')).toBeVisible();
  expect(await reportsSaying(context, serverAddress(), site, words)).toEqual([]);
  await desk.leave();
  await self.leave();
});

test('the month closed meanwhile: the report counts for the open one, and the receipt says so', async ({
  page,
  context,
  line,
}) => {
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  await cutOff(context, line);
  const words = '手机关机之前写的';
  await writeCutOff(page, site, words);
  const then = twoMonthsAgo();
  await writtenLongAgo(page, site, then);
  await go(page, `#/sites/${site}/report`);
  await mend(page, line);
  await receiptIsShown(page);
  await expect(page.getByText(/已经定稿，这份反馈记入/)).toBeVisible();
  await expectAccessible(page);
  await onceAndWhole(context, site, words);
  const [report] = await reportsSaying(context, serverAddress(), site, words);
  expect(report?.month, 'not the closed one').not.toBe(then.month);
});

test('another adopter disagrees: the receipt names them, and the committee sees it', async ({
  page,
  context,
  browser,
  line,
}) => {
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const site = await firstSite(page);
  const [desk, other] = [await Other.as('committee', browser), await Other.as('deputy2', browser)];
  const theirs = await other.deputyId();
  await reassign(desk, site, null, theirs);
  await cutOff(context, line);
  const words = '我看还在施工';
  await writeCutOff(page, site, words);
  const picture = (await smallPicture(page)).buffer;
  const sha256 = createHash('sha256').update(picture).digest('hex');
  await other.send('put', `/api/photos/${sha256}`, picture);
  await other.send('put', `/api/reports/${crypto.randomUUID()}`, {
    site_id: site,
    stage: 'completed',
    percent: 100,
    words: '我看已经建成',
    problems: [],
    photos: [sha256],
    written_at: new Date().toISOString(),
    position: null,
  });
  await go(page, `#/sites/${site}/report`);
  await mend(page, line);
  await receiptIsShown(page);
  await expect(page.getByText(/代表本月反馈为“已完成”，与您不同/)).toBeVisible();
  await expectAccessible(page);
  await onceAndWhole(context, site, words);
  const row = async () => {
    const answer = await desk.get<{ items: { site_id: number; reasons: { code: string }[] }[] }>(
      '/api/review?reason=disagreement&limit=100',
    );
    return answer.items.some(({ site_id }) => site_id === site);
  };
  await expect.poll(row, { timeout: 15_000 }).toBe(true);
  await reassign(desk, site, theirs, null);
  await desk.leave();
  await other.leave();
});
