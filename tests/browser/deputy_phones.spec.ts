// Whose report it is: two phones of one deputy, two accounts on one phone, a sign-in that ends on the way.
import {
  appIsKept,
  go,
  monthIsShown,
  openAs,
  owedSites,
  receiptIsShown,
  reportsSaying,
  signInByForm,
  submit,
  write,
} from './deputy_app';
import { cutOff, firstSite, onceAndWhole, PHONE_HERE, test } from './deputy_line';
import { expect, type Page } from './journey';

test.use(PHONE_HERE);

test('two tabs and two phones of one deputy leave one standing report', async ({ page, context, browser, line }, {
  retry,
}) => {
  const [tabs, oneOf, otherOf] = ['两个标签页同时提交', '第一部手机', '第二部手机'].map(
    (words) => `${words}（第 ${retry + 1} 回）`,
  ) as [string, string, string];
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  await write(page, site, { words: tabs });
  const second = await context.newPage();
  await second.goto(`${line.address}/deputy#/sites/${site}/report`);
  await second.getByRole('button', { name: '预览并提交' }).click();
  // The second may have learned from the first that it is done before its own button is reached.
  const alsoThere = second.getByRole('button', { name: '确认提交' }).click({ timeout: 10_000 });
  await Promise.all([submit(page), alsoThere.catch(() => undefined)]);
  await Promise.all([receiptIsShown(page), receiptIsShown(second)]);
  await second.close();
  await onceAndWhole(context, site, tabs);

  const otherPhone = await browser.newContext(PHONE_HERE);
  const other = await otherPhone.newPage();
  await openAs(other, line.address, 'deputy');
  await write(page, site, { words: oneOf });
  await write(other, site, { words: otherOf });
  await Promise.all([submit(page), submit(other)]);
  await Promise.all([receiptIsShown(page), receiptIsShown(other)]);
  await onceAndWhole(context, site, oneOf);
  await onceAndWhole(context, site, otherOf);
  const { month } = await owedSites(page);
  const all = await context.request.get(`${line.address}/api/sites/${site}/reports?limit=100`);
  const { items } = (await all.json()) as {
    items: { deputy: { id: number }; month: string; state: string; words: string }[];
  };
  const own = items.find((report) => report.words === oneOf)?.deputy.id;
  const standing = items.filter((each) => each.month === month && each.deputy.id === own && each.state === 'standing');
  expect(standing).toHaveLength(1);
  await otherPhone.close();
});

test('handed in from two tabs that hear nothing of each other, a report goes as the first of them said', async ({
  page,
  context,
  line,
}, { retry }) => {
  const words = `互不相闻的两个标签页（第 ${retry + 1} 回）`;
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  await write(page, site, { words });
  const deaf = await context.newPage();
  await deaf.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'));
  await deaf.goto(`${line.address}/deputy#/sites/${site}/report`);
  await deaf.getByRole('button', { name: '预览并提交' }).click();
  // Nothing goes out until both buttons are pressed: a third tab seems to be sending.
  await page.evaluate(async () => {
    const { account } = await (await fetch('/api/session')).json();
    await new Promise<void>((held) => {
      const sending = new Promise((ended) => addEventListener('both pressed', ended, { once: true }));
      void navigator.locks.request(`minsheng-queue-${account.id}`, () => {
        held();
        return sending;
      });
    });
  });
  await submit(page);
  await submit(deaf);
  await page.evaluate(() => dispatchEvent(new Event('both pressed')));
  await Promise.all([receiptIsShown(page), receiptIsShown(deaf)]);
  await deaf.close();
  await onceAndWhole(context, site, words);
});

test('another account on the phone sees nothing of what waits, and the first goes on with it', async ({
  page,
  context,
  line,
}) => {
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  line.deadFor = (method, path) => method === 'PUT' && path.startsWith('/api/reports');
  await write(page, site, { words: '换人之前写的' });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();
  await page.evaluate(() => (location.hash = '#/me'));
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByText(/有 1 份反馈没有送到/)).toBeVisible();
  await page.getByRole('button', { name: '先不退出' }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('button', { name: '退出，保留在手机里' }).click();
  line.mend();
  await signInByForm(page, 'deputy2');
  await expect(page.getByText('deputy2', { exact: true })).toBeVisible();
  await page.goto(`${line.address}/deputy`);
  await monthIsShown(page);
  await page.evaluate(() => (location.hash = '#/outbox'));
  await expect(page.getByText('没有待提交的反馈，都送到了。')).toBeVisible();
  expect(await page.content()).not.toContain('换人之前写的');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('换人之前写的');
  await page.evaluate(() => (location.hash = '#/me'));
  await page.getByRole('button', { name: '退出登录' }).click();
  await signInByForm(page, 'deputy');
  await expect(page.getByText('deputy', { exact: true })).toBeVisible();
  await page.goto(`${line.address}/deputy`);
  await monthIsShown(page);
  await expect
    .poll(async () => (await reportsSaying(context, line.address, site, '换人之前写的')).length, { timeout: 20_000 })
    .toBe(1);
  await expect(page.getByRole('heading', { name: /还在手机里/ })).toBeHidden();
  await onceAndWhole(context, site, '换人之前写的');
});

test('a report that meets an ended sign-in goes on after signing in, with nothing dropped', async ({
  page,
  context,
  line,
}) => {
  await openAs(page, line.address, 'deputy2');
  const site = await firstSite(page);
  await write(page, site, { words: '登录失效之前写的' });
  await page.evaluate(() => fetch('/api/session', { method: 'DELETE' }));
  await submit(page);
  await expect(page.getByText('登录已失效，请重新登录。您填写的内容都还在。')).toBeVisible();
  await signInByForm(page, 'deputy2');
  await receiptIsShown(page);
  await onceAndWhole(context, site, '登录失效之前写的');
});

interface Kept {
  drafts: { accountId: number; words: string }[];
  answers: number[];
  pictures: number[];
  personal: string[];
  held: string;
}

/** What lies on the phone: in the database, by account, and in the caches, read whole. */
function lyingThere(page: Page): Promise<Kept> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, refuse) => {
      const opening = indexedDB.open('minsheng-deputy');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => refuse(opening.error);
    });
    const all = <Row>(name: string) =>
      new Promise<Row[]>((resolve) => {
        const asked = database.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => resolve(asked.result);
      });
    const owners = async (name: string) => (await all<{ accountId: number }>(name)).map(({ accountId }) => accountId);
    const drafts = (await all<{ accountId: number; words: string }>('drafts')).map(({ accountId, words }) => ({
      accountId,
      words,
    }));
    const [answers, pictures] = [await owners('answers'), await owners('pictures')];
    database.close();
    const personal: string[] = [];
    let held = JSON.stringify({ ...localStorage, ...sessionStorage });
    for (const room of await caches.keys())
      for (const request of await (await caches.open(room)).keys()) {
        const answer = await caches.match(request, { cacheName: room, ignoreVary: true });
        const { pathname } = new URL(request.url);
        const isPublic = answer?.headers.get('cache-control')?.includes('public') ?? false;
        if (/^\/api\/(me|session|notices)\b/.test(pathname) || (pathname.startsWith('/api/') && !isPublic))
          personal.push(pathname);
        if (/json|html/.test(answer?.headers.get('content-type') ?? '')) held += await answer?.text();
      }
    return { drafts, answers, pictures, personal, held };
  });
}

function accountOf(page: Page): Promise<number> {
  return page.evaluate(async () => (await (await fetch('/api/session')).json()).account.id);
}

test('accounts that take turns on a phone without network: the second is shown nothing of the first, and finds no answer of theirs', async ({
  page,
  context,
  line,
}) => {
  test.setTimeout(120_000);
  await openAs(page, line.address, 'deputy');
  await appIsKept(page);
  const first = await accountOf(page);
  const names = (await owedSites(page)).items.map(({ site }) => site.name);
  const site = await firstSite(page);
  await cutOff(context, line);
  await write(page, site, { words: '第一个人没有网络时写的' });
  await submit(page);
  await expect(page.getByText('网络不通')).toBeVisible();

  // Without network nobody is signed out behind the server's back: it says so, and all stays.
  await go(page, '#/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('button', { name: '退出，保留在手机里' }).click();
  await expect(page.getByRole('button', { name: '退出登录' })).toBeVisible();
  expect((await lyingThere(page)).drafts).toEqual([{ accountId: first, words: '第一个人没有网络时写的' }]);

  // The line is back for signing out and in alone.
  line.mend();
  line.deadFor = (_, path) => path.startsWith('/api/reports') || path.startsWith('/api/photos');
  await context.setOffline(false);
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('button', { name: '退出，保留在手机里' }).click();
  await expect(page.getByLabel('账号')).toBeVisible();
  const left = await lyingThere(page);
  expect(left.answers, 'what was read for the first is gone').not.toContain(first);
  expect(left.personal, 'no answer to a signed-in call').toEqual([]);
  expect(left.held).not.toContain('第一个人没有网络时写的');
  expect(left.drafts, 'what was written stays, under its own account').toEqual([
    { accountId: first, words: '第一个人没有网络时写的' },
  ]);
  await page.reload();
  await expect(page.getByLabel('账号')).toBeVisible();

  await signInByForm(page, 'deputy2');
  await expect(page.getByText('deputy2', { exact: true })).toBeVisible();
  await go(page, '#/month');
  await monthIsShown(page);
  const second = await accountOf(page);
  const own = (await owedSites(page)).items.map(({ site: { name } }) => name);
  await cutOff(context, line);
  await page.reload();
  await monthIsShown(page);
  await expect(
    page
      .getByText('deputy2', { exact: true })
      .or(page.getByText(/，您好/))
      .first(),
  ).toBeVisible();
  for (const hash of ['#/month', '#/outbox', `#/sites/${site}/report`, '#/record', '#/notices', '#/me']) {
    await go(page, hash);
    await expect(page.locator('main')).toBeVisible();
    await page.waitForTimeout(300);
    const shown = (await page.locator('main').textContent()) ?? '';
    expect(shown, hash).not.toContain('第一个人没有网络时写的');
    if (hash !== '#/notices')
      for (const name of names.filter((each) => !own.includes(each))) expect(shown, hash).not.toContain(name);
  }
  const after = await lyingThere(page);
  expect(after.answers.every((owner) => owner === second)).toBe(true);
  expect(after.personal).toEqual([]);
  expect(after.drafts.filter(({ accountId }) => accountId === second)).toEqual([]);

  line.mend();
  await context.setOffline(false);
  await go(page, '#/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await signInByForm(page, 'deputy');
  await expect
    .poll(async () => (await reportsSaying(context, line.address, site, '第一个人没有网络时写的')).length, {
      timeout: 20_000,
    })
    .toBe(1);
  await onceAndWhole(context, site, '第一个人没有网络时写的');
});
