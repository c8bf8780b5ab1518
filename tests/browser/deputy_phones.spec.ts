// Whose report it is: two phones of one deputy, two accounts on one phone, a sign-in that ends on the way.
import {
  monthIsShown,
  openAs,
  owedSites,
  receiptIsShown,
  reportsSaying,
  signInByForm,
  submit,
  write,
} from './deputy_app';
import { firstSite, onceAndWhole, PHONE_HERE, test } from './deputy_line';
import { expect } from './journey';

test.use(PHONE_HERE);

test('two tabs and two phones of one deputy leave one standing report', async ({ page, context, browser, line }) => {
  await openAs(page, line.address, 'deputy');
  const site = await firstSite(page);
  await write(page, site, { words: '两个标签页同时提交' });
  const second = await context.newPage();
  await second.goto(`${line.address}/deputy#/sites/${site}/report`);
  await second.getByRole('button', { name: '预览并提交' }).click();
  // The second may have learned from the first that it is done before its own button is reached.
  const alsoThere = second.getByRole('button', { name: '确认提交' }).click({ timeout: 3000 });
  await Promise.all([submit(page), alsoThere.catch(() => undefined)]);
  await Promise.all([receiptIsShown(page), receiptIsShown(second)]);
  await second.close();
  await onceAndWhole(context, site, '两个标签页同时提交');

  const otherPhone = await browser.newContext(PHONE_HERE);
  const other = await otherPhone.newPage();
  await openAs(other, line.address, 'deputy');
  await write(page, site, { words: '第一部手机' });
  await write(other, site, { words: '第二部手机' });
  await Promise.all([submit(page), submit(other)]);
  await Promise.all([receiptIsShown(page), receiptIsShown(other)]);
  await onceAndWhole(context, site, '第一部手机');
  await onceAndWhole(context, site, '第二部手机');
  const { month } = await owedSites(page);
  const all = await context.request.get(`${line.address}/api/sites/${site}/reports?limit=100`);
  const { items } = (await all.json()) as {
    items: { deputy: { id: number }; month: string; state: string; words: string }[];
  };
  const own = items.find((report) => report.words === '第一部手机')?.deputy.id;
  const standing = items.filter((each) => each.month === month && each.deputy.id === own && each.state === 'standing');
  expect(standing).toHaveLength(1);
  await otherPhone.close();
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
