import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AccountCard } from '../../api/wire';
import type { AccountView } from './account';
import InviteDialog from './InviteDialog.svelte';
import NewAccountDialog from './NewAccountDialog.svelte';

const COUNTY = { code: '339901', name: '澄溪县' };
const ACCOUNT: AccountView = {
  id: 21,
  login: 'jiaoyu',
  name: '县教育局',
  grants: [],
  created_at: '2026-10-20T09:00:00+08:00',
  disabled_at: null,
  awaits_confirmation_since: null,
  has_second_factor: false,
  rev: 1,
  notice_phone: null,
  password: 'none',
  no_card: null,
  invitation: null,
};

interface Sent {
  path: string;
  body: Record<string, unknown>;
}

let sent: Sent[];
let answer: { status: number; body: unknown };
let shown: ReturnType<typeof mount>[];

beforeEach(() => {
  [sent, shown] = [[], []];
  answer = { status: 201, body: ACCOUNT };
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    const headers = { 'content-type': 'application/json' };
    if (init.method !== 'POST')
      return Promise.resolve(new Response(JSON.stringify({ items: [], next: null }), { headers }));
    sent.push({ path, body: JSON.parse(String(init.body)) });
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status, headers }));
  });
});

afterEach(async () => {
  for (const each of shown) await unmount(each);
});

function show(component: unknown, props: Record<string, unknown>): HTMLElement {
  const target = document.createElement('div');
  document.body.replaceChildren(target);
  shown.push(mount(component as never, { target, props: props as never }));
  flushSync();
  return target;
}

const wordsOf = (target: HTMLElement) => target.textContent?.replace(/\s+/g, ' ') ?? '';

function press(target: HTMLElement, words: string) {
  const button = [...target.querySelectorAll('button')].find((each) => each.textContent?.trim() === words);
  if (!button) throw new Error(`no button ${words} in ${wordsOf(target)}`);
  button.click();
  flushSync();
}

function fill(target: HTMLElement, place: number, words: string) {
  const field = target.querySelectorAll<HTMLInputElement>('input:not([type=radio]):not([type=password])')[place];
  if (!field) throw new Error(`no field ${place}`);
  field.value = words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}

function choose(select: HTMLSelectElement | null, value: string) {
  if (!select) throw new Error('nothing to choose from');
  select.value = value;
  // The test's browser does not know an option that is chosen as `:checked`, by which the binding looks for it.
  const chosen = [...select.options].find((option) => option.value === value);
  if (!chosen) throw new Error(`no option ${value}`);
  select.querySelector = (() => chosen) as typeof select.querySelector;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

const passwords = (target: HTMLElement) => target.querySelectorAll<HTMLInputElement>('input[type=password]');

it('says before inviting whose password ends and who must be told a login, and sends the chosen', async () => {
  const made = vi.fn<(cards: AccountCard[]) => void>();
  answer.body = { items: [{ id: 8 }] };
  const accounts = [ACCOUNT, { ...ACCOUNT, id: 22, password: 'own', notice_phone: '137****0001' }];
  const dialog = show(InviteDialog, { accounts, onclose: () => undefined, onmade: made });
  expect(wordsOf(dialog)).toContain('将为 2 个账号生成邀请卡');
  expect(wordsOf(dialog)).toContain('其中 1 个已有自己的密码');
  expect(wordsOf(dialog)).toContain('其中 1 个没有登记手机号码');
  choose(dialog.querySelector('select'), '90');
  press(dialog, '发邀请卡');
  await vi.waitFor(() => expect(made).toHaveBeenCalledWith([{ id: 8 }]));
  expect(sent).toEqual([{ path: '/api/account-invitations', body: { accounts: [21, 22], valid_days: 90 } }]);
});

it('says of nobody what holds for nobody', () => {
  const accounts = [{ ...ACCOUNT, notice_phone: '137****0001' }];
  const dialog = show(InviteDialog, { accounts, onclose: () => undefined, onmade: () => undefined });
  expect(wordsOf(dialog)).not.toContain('其中');
});

it('names every account that cannot be invited', async () => {
  const made = vi.fn();
  const fields = ['张三：账号已停用', '李四：不用邀请卡'].map((message, place) => ({
    field: `accounts[${place}]`,
    code: 'disabled',
    message,
  }));
  answer = { status: 422, body: { code: 'invalid', detail: '填写的内容有误', fields } };
  const dialog = show(InviteDialog, { accounts: [ACCOUNT], onclose: () => undefined, onmade: made });
  press(dialog, '发邀请卡');
  await vi.waitFor(() => expect(wordsOf(dialog)).toContain('张三：账号已停用'));
  expect(wordsOf(dialog)).toContain('李四：不用邀请卡');
  expect(made).not.toHaveBeenCalled();
});

it('makes an account without a password unless one is given, and hands it on to be invited', async () => {
  const made = vi.fn();
  const dialog = show(NewAccountDialog, { countyRegion: COUNTY, onclose: () => undefined, onmade: made });
  expect(passwords(dialog)).toHaveLength(0);
  fill(dialog, 0, 'jiaoyu');
  fill(dialog, 1, '县教育局');
  choose(dialog.querySelector('select'), 'committee');
  choose(dialog.querySelectorAll('select')[1] ?? null, COUNTY.code);
  press(dialog, '创建');
  await vi.waitFor(() => expect(made).toHaveBeenCalledWith(ACCOUNT));
  expect(sent[0]?.body).toEqual({
    login: 'jiaoyu',
    name: '县教育局',
    grants: [{ role: 'committee', region: COUNTY.code }],
  });

  dialog.querySelector<HTMLInputElement>('input[type=radio][value=password]')?.click();
  flushSync();
  const [field] = passwords(dialog);
  if (!field) throw new Error('no password field');
  field.value = 'a phrase that is long';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  press(dialog, '创建');
  await vi.waitFor(() => expect(made).toHaveBeenLastCalledWith(null));
  expect(sent[1]?.body['password']).toBe('a phrase that is long');
});

it('offers an administrator no card, and says who invites a deputy', () => {
  const dialog = show(NewAccountDialog, { countyRegion: COUNTY, onclose: () => undefined, onmade: () => undefined });
  const role = dialog.querySelector('select');
  choose(role, 'administrator');
  expect(wordsOf(dialog)).toContain('审计员不用邀请卡');
  expect(passwords(dialog)).toHaveLength(1);
  expect(dialog.querySelectorAll('input[type=radio]')).toHaveLength(0);
  choose(role, 'deputy');
  expect(wordsOf(dialog)).toContain('代表的邀请卡由人大工委');
  expect(passwords(dialog)).toHaveLength(0);
});
