// The desk: the committee works off its list, an office's spreadsheet goes in and out again, and every role lands on something real.
import type { Page } from '@playwright/test';
import { DESKTOP, expect, expectAccessible, expectNoSidewaysScroll, keepPicture, PHONE, test } from './journey';

const PASSWORD = process.env['MINSHENG_DEMO_PASSWORD'] ?? '';

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/desk');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await expect(page.getByRole('navigation', { name: '工作台栏目' })).toBeVisible();
}

async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: '工作台栏目' }).getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { name, level: 2 })).toBeVisible();
}

const rows = (page: Page) => page.locator('tbody tr');
const reasonTab = (page: Page, reason: string) => page.getByRole('tab', { name: new RegExp(`^${reason}`) });

/** Opens the file of the first site in the list of sites with this stage. */
async function openFile(page: Page, stage: string): Promise<string> {
  await go(page, '点位');
  await page.getByLabel('状态').selectOption({ label: stage });
  const row = rows(page).filter({ hasText: stage }).filter({ hasNotText: '已销号' }).first();
  const name = (await row.getByRole('button').first().textContent()) ?? '';
  await row.getByRole('button').first().click();
  await expect(page.getByRole('dialog', { name })).toBeVisible();
  return name;
}

test.describe('the committee', () => {
  test.use(DESKTOP);

  test('sees what presses most with its reasons, and reminds about many at once', async ({ page }) => {
    await enter(page, 'committee');
    await expect(rows(page).first()).toBeVisible();
    await expect(rows(page).first()).toContainText(/逾期 \d+ 天未开工/);
    await expectAccessible(page);
    await keepPicture(page, 'desk-review');

    await reasonTab(page, '逾期未完工').click();
    await expect(rows(page).first()).toContainText(/逾期 \d+ 天未完工/);
    const boxes = page.getByRole('checkbox', { name: /^选择/ });
    await boxes.nth(0).click();
    await boxes.nth(2).click({ modifiers: ['Shift'] });
    const bar = page.getByRole('region', { name: '已选 3 个点位' });
    await bar.getByRole('button', { name: '催办' }).click();
    await expect(page.getByRole('dialog', { name: '催办 3 个点位' })).toContainText('将通知');
    await page.getByRole('tab', { name: '责任单位' }).click();
    await page.getByLabel('附言（可不填）').fill('请于本周内报送进展');
    await expectAccessible(page);
    await page.getByRole('button', { name: '发出催办' }).click();
    await expect(page.getByText(/已发出 \d+ 条催办|催办已记录/)).toBeVisible();
    await expect(rows(page).nth(0)).toContainText(/已催办 \d+ 次/);
  });

  test('returns a report, and the stage falls back', async ({ page }) => {
    await enter(page, 'committee');
    await reasonTab(page, '不在现场').click();
    await rows(page).first().locator('.name').click();
    const file = page.getByRole('dialog').first();
    await expect(file.getByText(/距点位/).first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-file');
    await file.getByRole('button', { name: /^退回/ }).first().click();
    const act = page.getByRole('dialog', { name: '退回这份反馈' });
    await act.getByRole('button', { name: '确认退回' }).click();
    await expect(act.getByText('请填写原因或说明')).toBeVisible();
    await act.getByLabel('原因（必填）').fill('照片不是现场拍摄，请补拍');
    await act.getByRole('button', { name: '确认退回' }).click();
    await expect(page.getByText('反馈已退回')).toBeVisible();
    await expect(file.getByText('退回原因：照片不是现场拍摄，请补拍').first()).toBeVisible();
  });

  test('strikes a completed site off and takes it back', async ({ page }) => {
    await enter(page, 'committee');
    const name = await openFile(page, '已完成');
    const file = page.getByRole('dialog', { name });
    await file.getByRole('button', { name: '销号', exact: true }).click();
    await page.getByLabel('验收说明（必填）').fill('现场验收合格');
    await page.getByRole('button', { name: '确认销号' }).click();
    await expect(file.getByText('已销号').first()).toBeVisible();
    await file.getByRole('button', { name: '撤销销号' }).click();
    await page.getByLabel('原因（必填）').fill('群众反映仍有遗留问题');
    await page.getByRole('button', { name: '确认撤销' }).click();
    await expect(file.getByRole('button', { name: '销号', exact: true })).toBeVisible();
  });

  test('corrects a stage, and is shown the fresh state when somebody else was faster', async ({ page }) => {
    await enter(page, 'committee');
    const name = await openFile(page, '未开始');
    const file = page.getByRole('dialog', { name });
    const id = /sites\/(\d+)/.exec(page.url())?.[1];
    await file.getByRole('button', { name: '更正状态' }).click();
    const act = page.getByRole('dialog', { name: '更正点位状态' });
    await act.getByText('进行中').click();
    await act.getByLabel('完成比例').fill('35');
    await act.getByLabel('原因（必填）').fill('实地核查已开工');
    // A colleague corrects the same site from another desk.
    await page.evaluate(async (site) => {
      const { rev } = (await (await fetch(`/api/sites/${site}`)).json()) as { rev: number };
      await fetch(`/api/sites/${site}/correction`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ stage: 'in_progress', percent: 20, reason: '同事先行更正', rev }),
      });
    }, id);
    await act.getByRole('button', { name: '确认更正' }).click();
    await expect(act.getByText('该点位刚刚有更新')).toBeVisible();
    await expect(act).toContainText('进行中 20%');
    await act.getByRole('button', { name: '确认更正' }).click();
    await expect(page.getByText('状态已更正')).toBeVisible();
    await expect(file.getByText('35%').first()).toBeVisible();
    await file.getByRole('tab', { name: /状态变化/ }).click();
    await expect(file.getByText('实地核查已开工')).toBeVisible();
  });

  test('sees owed, received and on time of every month as three numbers', async ({ page }) => {
    await enter(page, 'committee');
    await go(page, '报告月');
    for (const number of ['应报', '已报', '按时'])
      await expect(page.getByText(number, { exact: true }).first()).toBeVisible();
    await expect(page.getByText('进行中').first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-months');
  });

  test('finds sites and takes them away as files', async ({ page }) => {
    await enter(page, 'committee');
    await go(page, '点位');
    await page.getByRole('checkbox', { name: '只看逾期' }).check();
    await expect(rows(page).first()).toContainText('逾期');
    await page.getByText('公开数据').click();
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: '项目点位 CSV' }).click();
    expect((await file).suggestedFilename()).toMatch(/\.csv$/);
    await expectAccessible(page);
  });
});

test.describe('an office’s file', () => {
  test.use(DESKTOP);

  const HEADER = '序号,项目名称,点位名称,所在镇街,经度,纬度,责任单位,计划开工,计划完工,当前状态,当前进度,备注';

  interface Place {
    lon: number;
    lat: number;
    region: string;
  }

  /** A point inside the county, with the township it lies in: a site that is there already. */
  async function placeInside(page: Page): Promise<Place> {
    const { items } = (await (await page.request.get('/api/sites?limit=1')).json()) as {
      items: { position: { lon: number; lat: number }; region: { name: string } }[];
    };
    const site = items[0];
    if (!site) throw new Error('the demo county has no site');
    return { ...site.position, region: site.region.name };
  }

  async function upload(page: Page, name: string, lines: string[]): Promise<void> {
    const buffer = Buffer.from(`\uFEFF${[HEADER, ...lines].join('\r\n')}\r\n`);
    await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await expect(page.getByRole('heading', { name })).toBeVisible();
  }

  test('is looked at, confirmed, seen on the map, and undone', async ({ page }) => {
    await enter(page, 'committee');
    await go(page, '数据导入');
    await expectAccessible(page);
    const { lon, lat, region } = await placeInside(page);
    const line = (number: number) =>
      `91,便民停车场,${region}便民停车场${number}号,${region},${lon},${lat},县住建局,2026年3月,2026年底前,正在推进,40%,`;
    await upload(page, '便民停车场.csv', [line(1), line(2), '合计,,,,,,,,,,,']);
    await expect(page.getByText('新增 2 条')).toBeVisible();
    await expect(page.getByRole('heading', { name: '表头识别' })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-import');
    await page.getByRole('button', { name: '确认导入' }).click();
    await expect(page.getByRole('button', { name: '撤销这次导入' })).toBeVisible();
    const found = async () => {
      const answer = await page.request.get(`/api/sites?q=${encodeURIComponent('便民停车场1号')}`);
      return ((await answer.json()) as { items: unknown[] }).items.length;
    };
    await expect.poll(found).toBe(1);
    await page.getByRole('button', { name: '撤销这次导入' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click();
    await expect(page.getByText('已撤销').first()).toBeVisible();
    await expect.poll(found).toBe(0);
  });

  test('of a working committee goes into its own township, and a row of another is named', async ({ page }) => {
    await enter(page, 'working-committee');
    const session = (await (await page.request.get('/api/session')).json()) as {
      grants: { region: { code: string } }[];
    };
    const own = session.grants[0]?.region.code ?? '';
    const site = async (where: (code: string) => boolean) => {
      const { items } = (await (await page.request.get('/api/sites?limit=1000')).json()) as {
        items: {
          region: { code: string; name: string };
          position: { lon: number; lat: number };
          project: { number: number; title: string };
        }[];
      };
      const found = items.find((each) => where(each.region.code));
      if (!found) throw new Error('the demo county has no such site');
      return found;
    };
    const [here, elsewhere] = [await site((code) => code.startsWith(own)), await site((code) => !code.startsWith(own))];
    const line = ({ project, region, position }: typeof here, name: string) =>
      `${project.number},${project.title},${name},${region.name},${position.lon},${position.lat},县住建局,2026年3月,2026年底前,未开工,,`;
    await go(page, '数据导入');
    await upload(page, '镇里的表.csv', [line(here, '镇里的便民点'), line(elsewhere, '别镇的便民点')]);
    await expect(page.getByText('有错误，不能导入')).toBeVisible();
    await expect(page.getByText(/不在您负责的镇街之内/).first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-import-township');
    await go(page, '监督清单');
    await go(page, '数据导入');
    await upload(page, '本镇的表.csv', [line(here, '本镇新增便民点')]);
    await expect(page.getByText('新增 1 条')).toBeVisible();
    await page.getByRole('button', { name: '确认导入' }).click();
    await page.getByRole('button', { name: '撤销这次导入' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click();
    await expect(page.getByText('已撤销').first()).toBeVisible();
  });

  test('with a fault in it goes in not at all, and each fault says where and what to do', async ({ page }) => {
    await enter(page, 'committee');
    await go(page, '数据导入');
    const { lon, lat, region } = await placeInside(page);
    await upload(page, '有问题的表.csv', [
      `92,口袋公园,${region}口袋公园,${region},${lon},${lat},县住建局,2026年3月,说不清楚的日期,正在推进,40%,`,
    ]);
    await expect(page.getByText('说不清楚的日期').first()).toBeVisible();
    await expect(page.getByText('有错误，不能导入')).toBeVisible();
    await expect(page.getByRole('button', { name: '确认导入' })).toBeHidden();
  });
});

test.describe('every other role', () => {
  test.use(DESKTOP);

  test('a working committee sees its own township', async ({ page }) => {
    await enter(page, 'working-committee');
    await expect(page.getByRole('heading', { name: '监督清单' })).toBeVisible();
    const own = (await (await page.request.get('/api/session')).json()) as { grants: { region: { name: string } }[] };
    const township = own.grants[0]?.region.name ?? '';
    for (const row of await rows(page).all()) await expect(row).toContainText(township);
  });

  test('a unit sees its sites and what it was reminded of', async ({ page }) => {
    await enter(page, 'unit');
    await expect(page.getByRole('heading', { name: '收到的催办' })).toBeVisible();
    await expect(rows(page).first()).toBeVisible();
    await expectAccessible(page);
  });

  test('a station keeper sees the station', async ({ page }) => {
    await enter(page, 'keeper');
    await expect(page.getByRole('heading', { name: '联络站信息' })).toBeVisible();
    await expect(page.getByRole('heading', { name: '进站代表' })).toBeVisible();
    await expectAccessible(page);
  });

  test('the administrator makes, disables and enables an account', async ({ page }) => {
    await enter(page, 'admin');
    await expectAccessible(page);
    await page.getByRole('button', { name: '新建账号' }).click();
    const login = `clerk-${Date.now()}`;
    const dialog = page.getByRole('dialog', { name: '新建账号' });
    await dialog.getByLabel('账号').fill(login);
    await dialog.getByLabel('姓名或单位').fill('新来的同志');
    await dialog.getByLabel('范围').selectOption({ index: 1 });
    await dialog.getByLabel('当面给一个密码').check();
    await dialog.getByLabel('初始密码').fill('short');
    await dialog.getByRole('button', { name: '创建' }).click();
    await expect(dialog.getByText('密码至少 12 个字符')).toBeVisible();
    await dialog.getByLabel('初始密码').fill('a-password-nobody-guesses-7');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: '创建' }).click();
    await expect(page.getByText(`账号 ${login} 已创建`)).toBeVisible();
    await page.getByLabel('账号或姓名').fill(login);
    const account = page.getByRole('main').getByRole('listitem').filter({ hasText: login });
    await account.getByRole('button', { name: /^修改/ }).click();
    const change = page.getByRole('dialog', { name: /修改姓名和权限/ });
    await expect(change.getByRole('button', { name: '保存修改' })).toBeDisabled();
    await change.getByLabel('范围').selectOption({ index: 2 });
    await expect(change.getByText(/立即退出所有设备/)).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-account-change');
    await change.getByRole('button', { name: '保存修改' }).click();
    await expect(page.getByText(/的权限已修改/)).toBeVisible();
    await account.getByRole('button', { name: /^停用/ }).click();
    await page.getByRole('dialog', { name: '停用' }).getByRole('button', { name: '停用' }).click();
    await expect(account.getByText('已停用', { exact: true })).toBeVisible();
    await account.getByRole('button', { name: /^启用/ }).click();
    await expect(account.getByRole('button', { name: /^停用/ })).toBeVisible();
    await keepPicture(page, 'desk-accounts');
  });

  test('the auditor reads who did what, and nothing else', async ({ page }) => {
    await enter(page, 'auditor');
    await expect(rows(page).first()).toBeVisible();
    await page.getByLabel('动作').selectOption({ label: '登录' });
    await expect(rows(page).first()).toContainText('登录');
    await expect(page.getByRole('link', { name: '监督清单' })).toBeHidden();
    await expectAccessible(page);
    await keepPicture(page, 'desk-audit');
  });

  test('anyone sees where they are signed in, and can leave', async ({ page }) => {
    await enter(page, 'keeper');
    await go(page, '我的登录');
    await expect(page.getByText('本机')).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: '退出', exact: true }).click();
    await expect(page.getByRole('heading', { name: '登录' })).toBeVisible();
  });
});

test.describe('on a phone', () => {
  test.use(PHONE);

  test('the committee’s pages hold at 390 pixels', async ({ page }) => {
    await enter(page, 'committee');
    for (const name of ['监督清单', '报告月', '点位', '数据导入', '我的登录']) {
      await go(page, name);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await go(page, '监督清单');
    await rows(page).first().locator('.name').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
});
