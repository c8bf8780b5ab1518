// Notices that leave the app: a deputy turns a kind down and gives a mail address, the committee sees a letter that was given up and sends it
// again. The mail server and the group's robot are this journey's own, and the server is one that is set up to use them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseFor,
  DESKTOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  keepPicture,
  type Page,
  PHONE,
  signIn,
  test,
} from './journey';

test.describe.configure({ mode: 'serial' });

const root = join(__dirname, '..', '..');
const port = Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097) + 1000;
const origin = `http://127.0.0.1:${port}`;
const dataDir = join(tmpdir(), `minsheng-map-notices-${port}`);

let service: ChildProcess;
let mailServer: TcpServer;
let robot: Server;
const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}';
/** Codes that came by mail. */
const codes: string[] = [];
/** Whether the group's robot takes what it is told. */
let takes = false;

function serveMail(): TcpServer {
  return createTcp((socket) => {
    let letter: string | null = null;
    let rest = '';
    socket.write('220 stub\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (letter !== null && line !== '.') letter += `${line}\n`;
        else if (letter !== null) {
          codes.push(codeOf(letter));
          letter = null;
          socket.write('250 taken\r\n');
        } else if (line === 'DATA') {
          letter = '';
          socket.write('354 go on\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
}

function codeOf(letter: string): string {
  const [head = '', ...body] = letter.split('\n\n');
  const text = /encoding: base64/i.test(head)
    ? Buffer.from(body.join(''), 'base64').toString('utf8')
    : body.join('\n').replace(/=\n/g, '');
  return /(?<![0-9A-F=])(\d{6})(?!\d)/.exec(text)?.[1] ?? '';
}

function serveRobot(): Server {
  return createHttp((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(takes ? 200 : 404).end('{"errcode":0}'));
  }).listen(0, '127.0.0.1');
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  mailServer = serveMail();
  robot = serveRobot();
  await Promise.all([once(mailServer, 'listening'), once(robot, 'listening')]);
  rmSync(dataDir, { recursive: true, force: true });
  service = spawn(join(root, 'target', 'debug', 'minsheng-map'), ['serve', '--demo-when-empty'], {
    cwd: root,
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: '',
      MINSHENG_DATA_DIR: dataDir,
      // What follows a reminder is looked at without waiting; exports.spec.ts takes one back.
      MINSHENG_REMINDER_HOLD_S: '0',
      MINSHENG_LISTEN: `127.0.0.1:${port}`,
      MINSHENG_SMTP_HOST: '127.0.0.1',
      MINSHENG_SMTP_PORT: String((mailServer.address() as AddressInfo).port),
      MINSHENG_SMTP_SECURITY: 'plain',
      MINSHENG_MAIL_FROM: 'map@county.example',
      MINSHENG_WECOM_ROBOT_URL: `http://127.0.0.1:${(robot.address() as AddressInfo).port}/send?key=k`,
    },
  });
  await expect
    .poll(
      async () =>
        fetch(`${origin}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        ),
      { timeout: 280_000 },
    )
    .toBe(true);
});

test.afterAll(async () => {
  service.kill('SIGTERM');
  await new Promise((ended) => service.once('exit', ended));
  mailServer.close();
  robot.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test.use({ baseURL: origin });

async function openAs(page: Page, login: string, face: 'deputy' | 'desk', path: string): Promise<void> {
  await page.goto(`/${face}`);
  await signIn(page, login);
  await page.goto(`/${face}#/${path}`);
  await page.reload();
}

test.describe('on a phone', () => {
  test.use(PHONE);

  test('a deputy turns a kind down and confirms a mail address', async ({ page }) => {
    await openAs(page, 'deputy', 'deputy', 'notices');
    await page.getByRole('link', { name: '通知设置' }).click();
    const offered = page.getByRole('group', { name: '有点位开放领办' });
    await expect(offered.getByLabel('邮件')).toBeDisabled();
    await expect(page.getByRole('group', { name: /反馈被退回/ }).getByLabel('应用内')).toBeDisabled();
    await offered.getByLabel('应用内').uncheck();
    await expect(page.getByText('已保存')).toBeVisible();
    await keepPicture(page, 'notice-settings');
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByLabel('邮箱地址').fill('nobody');
    await page.getByRole('button', { name: '发送验证码' }).click();
    await expect(page.getByText('请填写一个邮箱地址')).toBeVisible();
    await page.getByLabel('邮箱地址').fill('deputy@county.example');
    await page.getByRole('button', { name: '发送验证码' }).click();
    await expect(page.getByText('验证码已发到 deputy@county.example')).toBeVisible();
    await keepPicture(page, 'notice-mail-code');
    await expect.poll(() => codes.length).toBe(1);
    await page.getByLabel('邮件中的 6 位验证码').fill(codes[0] === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: '确认邮箱' }).click();
    await expect(page.getByText('验证码不正确或已失效')).toBeVisible();
    await page.getByLabel('邮件中的 6 位验证码').fill(codes[0] ?? '');
    await page.getByRole('button', { name: '确认邮箱' }).click();
    await expect(page.getByText('通知发到 deputy@county.example')).toBeVisible();
    await page.reload();
    await expect(offered.getByLabel('应用内')).not.toBeChecked();
    await expect(offered.getByLabel('邮件')).toBeEnabled();
    await keepPicture(page, 'notice-settings-confirmed');
  });

  test('in English and in large type nothing is cut off', async ({ page }) => {
    await chooseFor(page, { language: 'en', large: true });
    await openAs(page, 'deputy', 'deputy', 'notice-settings');
    await expect(page.getByRole('group', { name: 'A site is open for adoption' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'notice-settings-en-large');
  });
});

test.describe('at a desk', () => {
  test.use(DESKTOP);

  test('the committee sees what was given up and sends it again', async ({ page }) => {
    await openAs(page, 'committee', 'desk', 'sites');
    const site = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' };
      const list = await (await fetch('/api/sites?stage=in_progress&limit=2')).json();
      for (const { id } of list.items) {
        const body = JSON.stringify({ places: 2, words: '请就近的代表领办' });
        await fetch(`/api/sites/${id}/offer`, { method: 'PUT', headers, body });
      }
      return list.items[0] as { id: number; name: string };
    });
    await page.goto('/desk#/deliveries');
    const given = '/api/deliveries?state=dead&kind=site_offered';
    const dead = () => page.evaluate(async (path) => (await (await fetch(path)).json()).items.length, given);
    await expect.poll(dead, { timeout: 30_000 }).toBe(2);
    await page.reload();
    await page.getByRole('button', { name: /^未送达/ }).click();
    await page.getByLabel('通知类别').selectOption('site_offered');
    // Letters of the deputy above, who may be told of the same sites, are no part of this.
    await page.getByLabel('方式', { exact: true }).selectOption('wecom');
    await expect(page.getByText('对方拒绝 http_404').first()).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: '未送达' })).toHaveCount(2);
    await expectAccessible(page);
    await keepPicture(page, 'deliveries-dead');
    takes = true;
    await page.getByLabel('选择本页全部未送达').check();
    await page.getByRole('button', { name: '重新发送所选 2 条' }).click();
    await expect(page.getByText('2 条将立即重新发送')).toBeVisible();
    await page.getByRole('button', { name: '全部', exact: true }).click();
    await expect(async () => {
      await page.getByRole('button', { name: '刷新' }).click();
      await expect(page.getByRole('row').filter({ hasText: '已送达' })).toHaveCount(2, { timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    await keepPicture(page, 'deliveries');
    await page.goto(`/desk#/sites/${site.id}`);
    await page.getByRole('dialog').getByRole('tab', { name: /通知/ }).click();
    await expect(
      page
        .getByRole('dialog')
        .getByText(/已送达 \d/)
        .first(),
    ).toBeVisible();
    await keepPicture(page, 'site-file-deliveries');
  });

  test('one’s own notices have a page with a badge, and words stay words', async ({ page }) => {
    page.on('dialog', () => expect(false, 'words of a notice were run').toBe(true));
    await openAs(page, 'unit', 'desk', 'notices');
    const unit = await page.evaluate(async () => {
      const session = await (await fetch('/api/session')).json();
      return session.grants.find((grant: { unit: { id: number } | null }) => grant.unit)?.unit.id as number;
    });
    await signIn(page, 'committee');
    await page.evaluate(
      async ({ unit, words }) => {
        const list = await (await fetch('/api/sites?limit=200')).json();
        const ids = list.items
          .filter((site: { unit: { id: number } }) => site.unit?.id === unit)
          .map(({ id }: { id: number }) => id);
        const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
        const body = JSON.stringify({ site_ids: ids.slice(0, 1), to: 'unit', words });
        await fetch('/api/reminders', { method: 'POST', headers, body });
      },
      { unit, words: HOSTILE },
    );
    await signIn(page, 'unit');
    await page.reload();
    await expect(page.getByText(HOSTILE)).toBeVisible();
    await expect(page.getByRole('heading', { name: '我的通知' })).toBeVisible();
    await expect(page.getByRole('link', { name: /我的通知.*未读/ })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, 'desk-notices');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await keepPicture(page, 'desk-notices-phone');
  });
});
