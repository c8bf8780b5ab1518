// A resident says that a pin is not as it stands: without an account, on a phone, over a line that breaks; and follows what comes of it.
import {
  chooseFor,
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fromElsewhere,
  type Page,
  PHONE,
  test,
} from './journey';
import { takePicture } from './pictures';

test.describe.configure({ timeout: 180_000 });

interface Site {
  id: number;
  code: string;
  name: string;
}

/** Each journey speaks of a site of its own: a site takes only so many at once. */
async function siteAt(page: Page, at: number): Promise<Site> {
  const { items } = (await (await page.request.get('/api/sites?limit=60')).json()) as { items: Site[] };
  const site = items[at];
  if (!site) throw new Error('too few sites');
  return site;
}

async function fillIn(page: Page, words: string): Promise<void> {
  await page.getByRole('radio', { name: /^未开始/ }).check();
  await page.getByRole('textbox', { name: '说说哪里不符' }).fill(words);
  // Nobody fills in a form faster than this, and the server knows.
  await page.waitForTimeout(3200);
}

const receipt = (page: Page) => page.getByRole('region', { name: '已经收到，谢谢您' });

async function numberAndSecret(page: Page): Promise<{ number: string; secret: string }> {
  await expect(receipt(page)).toBeVisible();
  const number = (await page.locator('dd.number').innerText()).trim();
  const secret = (await page.locator('dd.secret').innerText()).replace(/\s/g, '');
  expect(number).toMatch(/^[0-9A-Z]{8}$/);
  expect(secret).toMatch(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
  return { number, secret };
}

test.beforeEach(async ({ context }) => fromElsewhere(context));

test.describe('on a phone', () => {
  test.use(PHONE);

  test('from a pin in two taps, with a picture, to the receipt, every step and taking it back', async ({ page }) => {
    const site = await siteAt(page, 12);
    await page.goto(`/sites/${site.code}?shown=list`);
    await page.getByRole('link', { name: '情况不符？我要反映' }).click();
    await expect(page.getByRole('heading', { name: site.name })).toBeFocused();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('button', { name: '提交反映' }).click();
    await expect(page.getByText('请选一项')).toBeVisible();
    await expect(page.getByRole('radio', { name: /^未开始/ })).toBeFocused();
    await fillIn(page, '地图上说做完了，现场还是一片空地，电话13812345678');
    await expect(page.getByText('看上去写了电话或身份证号码')).toBeVisible();
    await page.getByRole('textbox', { name: '说说哪里不符' }).fill('地图上说做完了，现场还是一片空地');
    const picture = await takePicture(page, `challenge ${Date.now()}`);
    await page.locator('input[type=file]').last().setInputFiles(picture);
    await expect(page.getByRole('img', { name: '您选的第 1 张照片' })).toBeVisible();
    await page.getByRole('button', { name: '提交反映' }).click();
    const { number, secret } = await numberAndSecret(page);
    await expect(page.getByText('照片都传到了')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: '保存成图片' }).click();
    await expect(page.getByRole('img', { name: `回执：编号 ${number}` })).toBeVisible();
    await page.keyboard.press('Escape');
    expect(page.url()).not.toContain(secret.slice(0, 4));

    await page.reload();
    await expect(page.getByRole('heading', { name: `反映 ${number}` })).toBeVisible();
    await expect(page.getByText('已提交，等待核实').first()).toBeVisible();
    await expect(page.getByRole('img', { name: '您附的第 1 张照片' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: '撤回这条反映' }).click();
    await page.getByRole('button', { name: '确定撤回' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: '撤回' })).toBeVisible();
    await expect(page.getByRole('button', { name: '撤回这条反映' })).toHaveCount(0);

    await page.getByRole('link', { name: '我的反映' }).click();
    await expect(page.getByText(number)).toBeVisible();
    await page.getByRole('button', { name: '从这个浏览器删除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '从这个浏览器删除' }).click();
    await expect(page.getByText('这个浏览器里没有反映记录')).toBeVisible();
  });

  test('a line that breaks after the server took it leaves one challenge, and the same receipt', async ({ page }) => {
    const site = await siteAt(page, 13);
    const keys: string[] = [];
    let broken = true;
    await page.route('**/api/sites/*/challenges', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(`${route.request().headers()['idempotency-key']} ${route.request().postData()}`);
      const answer = await route.fetch();
      return broken ? route.abort('connectionreset') : route.fulfill({ response: answer });
    });
    await page.goto(`/challenge?site=${site.id}`);
    await fillIn(page, '桥头的护栏没有装，地图上却是完成');
    await page.getByRole('button', { name: '提交反映' }).click();
    await expect(page.getByText('网络断了，还不知道是否送到')).toBeVisible();
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByText('桥头的护栏没有装')).toBeVisible();
    broken = false;
    const again = page.getByRole('button', { name: '现在再发一次' });
    await expect(again.or(receipt(page))).toBeVisible();
    // It is sent again by itself, too: whichever comes first.
    await again.click({ timeout: 3000 }).catch(() => undefined);
    await numberAndSecret(page);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size, 'one key and one content').toBe(1);
    const { items } = (await (await page.request.get(`/api/sites/${site.id}/challenges`)).json()) as {
      items: unknown[];
    };
    expect(items.length).toBe(1);
  });

  test('a draft outlives a reload, and pictures go on where the line broke', async ({ page }) => {
    const site = await siteAt(page, 14);
    let broken = true;
    await page.route('**/api/challenges/*/photos/*', (route) => (broken ? route.abort() : route.continue()));
    await page.goto(`/challenge?site=${site.id}`);
    await fillIn(page, '路灯只装了一半，东头晚上是黑的');
    await page
      .locator('input[type=file]')
      .last()
      .setInputFiles(await takePicture(page, `draft ${Date.now()}`));
    await expect(page.getByRole('img', { name: '您选的第 1 张照片' })).toBeVisible();
    await expect(page.getByText('已存草稿')).toBeVisible();
    await page.waitForTimeout(600);
    await page.reload();
    await expect(page.getByRole('textbox', { name: '说说哪里不符' })).toHaveValue('路灯只装了一半，东头晚上是黑的');
    await expect(page.getByRole('radio', { name: /^未开始/ })).toBeChecked();
    await expect(page.getByRole('img', { name: '您选的第 1 张照片' })).toBeVisible();
    await page.getByRole('button', { name: '提交反映' }).click();
    await numberAndSecret(page);
    await expect(page.getByText('还有 1 张照片没有传到')).toBeVisible();
    broken = false;
    await page.reload();
    await expect(page.getByRole('img', { name: '您附的第 1 张照片' })).toBeVisible();
    await expect(page.getByText('尚未传到')).toHaveCount(0);
  });

  test('what the server finds fault with is told by the name of its field, and what was written stays', async ({
    page,
  }) => {
    const site = await siteAt(page, 15);
    await page.goto(`/challenge?site=${site.id}`);
    await page.getByRole('radio', { name: /^说不准/ }).check();
    await page.getByRole('textbox', { name: '说说哪里不符' }).fill('看着像是停工了');
    const body = { code: 'too_many_requests', title: '请求过多', detail: '您所在的网络提交较多' };
    await page.route('**/api/sites/*/challenges', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            status: 429,
            contentType: 'application/problem+json',
            headers: { 'retry-after': '600' },
            body: JSON.stringify(body),
          })
        : route.continue(),
    );
    await page.getByRole('button', { name: '提交反映' }).click();
    await expect(page.getByRole('alert')).toContainText(/请在 .*\d\d:\d\d 以后再来/);
    await expect(page.getByRole('textbox', { name: '说说哪里不符' })).toHaveValue('看着像是停工了');
    await page.unroute('**/api/sites/*/challenges');
    // A program that fills in every field is told which one.
    await page.locator('input[name=website]').fill('http://x', { force: true });
    await page.waitForTimeout(3200);
    await page.getByRole('button', { name: '提交反映' }).click();
    await expect(page.getByRole('alert')).toContainText('网址栏');
  });

  test('in English and large type everything fits, from 320 pixels', async ({ page }) => {
    const site = await siteAt(page, 16);
    await chooseFor(page, { language: 'en', large: true });
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`/challenge?site=${site.id}`);
      await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
    await expectAccessible(page);
    const small = await page
      .locator('main button:visible, main label:has(input[type=radio])')
      .evaluateAll((all) =>
        all.filter((each) => each.getBoundingClientRect().height < 60).map((each) => each.outerHTML),
      );
    expect(small, 'controls lower than 60 pixels').toEqual([]);
    await page.getByRole('radio', { name: /^Not sure/ }).check();
    await page.getByRole('textbox', { name: 'What is not so?' }).fill('There is nothing but a fence so far.');
    await page.waitForTimeout(3200);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(page.getByRole('region', { name: 'It has arrived. Thank you' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('number and secret open it anywhere; a wrong secret opens nothing', async ({ page, browser, baseURL }) => {
    const site = await siteAt(page, 17);
    await page.goto(`/challenge?site=${site.id}`);
    await fillIn(page, '牌子挂了，里面没有设备');
    await page.getByRole('button', { name: '提交反映' }).click();
    const { number, secret } = await numberAndSecret(page);

    const other = await browser.newContext({ ...DESKTOP, baseURL: baseURL ?? '', locale: 'zh-CN' });
    await fromElsewhere(other);
    const elsewhere = await other.newPage();
    await elsewhere.goto(`/challenge#${number}`);
    await expect(elsewhere.getByRole('textbox', { name: /^编号/ })).toHaveValue(number);
    const typed = elsewhere.getByRole('textbox', { name: '查询码' });
    await typed.fill('ABCD');
    await elsewhere.getByRole('button', { name: '查看' }).click();
    await expect(elsewhere.getByText('请填写完整的查询码（32 位），现在是 4 位')).toBeVisible();
    await expect(typed).toBeFocused();
    await typed.fill('0'.repeat(32));
    await elsewhere.getByRole('button', { name: '查看' }).click();
    await expect(elsewhere.getByRole('alert')).toContainText('编号和查询码对不上');
    await expectAccessible(elsewhere);
    await typed.fill(secret.toLowerCase().replace(/-/g, ' '));
    await elsewhere.getByRole('button', { name: '查看' }).click();
    await expect(elsewhere.getByRole('heading', { name: `反映 ${number}` })).toBeVisible();
    await expect(elsewhere.getByText('牌子挂了，里面没有设备')).toBeVisible();
    expect(elsewhere.url()).not.toContain(secret.slice(0, 4));
    await other.close();
  });

  test('the panel tells that somebody spoke up, in words, and nothing of what they wrote', async ({ page }) => {
    const site = await siteAt(page, 17);
    await page.goto(`/sites/${site.code}?shown=list`);
    const told = page.getByRole('region', { name: '群众反映' });
    await expect(told.getByText('有人反映，等待核实').first()).toBeVisible();
    await expect(told.getByText('内容未公开').first()).toBeVisible();
    await expect(told.getByText('牌子挂了')).toHaveCount(0);
    await expectAccessible(page);
  });
});
