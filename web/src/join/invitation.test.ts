import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { InvitationShown } from '../api/wire';
import Invitation from './Invitation.svelte';

const DEPUTY: InvitationShown = {
  name: '沈晓岚',
  constituency: '清溪镇第一选区',
  region: '清溪镇',
  for_account: false,
  asks_for: 'phone',
  phone_hint: '139******01',
  joined: false,
  expires_at: '2026-11-19T09:00:00+08:00',
};
const ACCOUNT: InvitationShown = {
  ...DEPUTY,
  name: '县教育局',
  constituency: '',
  region: '县教育局',
  for_account: true,
  asks_for: 'login',
  phone_hint: null,
};

let told: InvitationShown;
let signsIn: boolean;
let sent: Record<string, unknown>;
let shown: ReturnType<typeof mount>;
let wentTo: ReturnType<typeof vi.spyOn>;

function answer(status: number, body: unknown): Promise<Response> {
  return Promise.resolve(
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }),
  );
}

beforeEach(() => {
  [signsIn, sent] = [true, {}];
  wentTo = vi.spyOn(location, 'replace').mockImplementation(() => undefined);
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    if (path === '/api/invitations/lookup') return answer(200, told);
    if (path.startsWith('/api/password-rules')) return answer(200, {});
    sent[path] = JSON.parse(String(init.body));
    if (path === '/api/invitations/redemption') return answer(200, { login: 'jiaoyu' });
    return signsIn ? answer(200, {}) : answer(403, { code: 'forbidden', detail: '请在办公网络内登录' });
  });
});

afterEach(() => unmount(shown));

async function join(proof: string): Promise<HTMLElement> {
  const target = document.createElement('div');
  document.body.replaceChildren(target);
  shown = mount(Invitation, { target, props: { token: 't' } });
  await vi.waitFor(() => expect(target.querySelector('form')).not.toBeNull());
  const [first, password] = target.querySelectorAll<HTMLInputElement>('input');
  for (const [field, words] of [
    [first, proof],
    [password, '稻花香里说丰年听取蛙声一片'],
  ] as const) {
    if (!field) throw new Error('a field is missing');
    field.value = words;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  flushSync();
  target.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  return target;
}

const wordsOf = (target: HTMLElement) => target.textContent?.replace(/\s+/g, ' ') ?? '';

it('asks a deputy for the number and leads to the deputies’ app', async () => {
  told = DEPUTY;
  const page = await join('139 0000 0001');
  await vi.waitFor(() => expect(wentTo).toHaveBeenCalledWith('/deputy'));
  expect(sent['/api/invitations/redemption']).toMatchObject({ phone: '139 0000 0001' });
  expect(wordsOf(page)).toContain('139******01');
});

it('asks those of the desk for the login where there is no number, does not tell it, and leads to the desk', async () => {
  told = ACCOUNT;
  const page = await join('JiaoYu');
  expect(wordsOf(page)).toContain('卡上没有印');
  await vi.waitFor(() => expect(wentTo).toHaveBeenCalledWith('/desk'));
  expect(sent['/api/invitations/redemption']).toEqual({
    token: 't',
    login: 'JiaoYu',
    password: '稻花香里说丰年听取蛙声一片',
  });
  expect(sent['/api/session']).toMatchObject({ login: 'jiaoyu' });
});

it('says with which login to come in later, where signing in does not work from here', async () => {
  told = { ...ACCOUNT, asks_for: 'phone', phone_hint: '137******01' };
  signsIn = false;
  const page = await join('13700000001');
  await vi.waitFor(() => expect(wordsOf(page)).toContain('请在办公网络内登录'));
  expect(wordsOf(page)).toContain('登录账号是 jiaoyu');
  expect(wentTo).not.toHaveBeenCalled();
});
