import { beforeEach, expect, it, vi } from 'vitest';
import { session } from '../account/session.svelte';
import { deliver } from './queue';
import type { Draft } from './report/draft';
import { transportOf } from './transport';

const draft: Draft = {
  id: '019a0000-0000-7000-8000-000000000001',
  accountId: 7,
  siteId: 3,
  siteCode: 'MS26-01-003',
  siteName: '中心幼儿园',
  stageBefore: 'in_progress',
  amends: null,
  stage: 'in_progress',
  percent: 40,
  words: '',
  problems: [],
  photos: [],
  position: null,
  stepBackReason: '',
  writtenAt: '2026-11-22T02:00:00.000Z',
  delivery: { step: 'sending' },
  receipt: null,
};

let account: number;
let calls: string[];
const reload = vi.fn();

beforeEach(async () => {
  account = 7;
  calls = [];
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('fetch', (path: string, { method }: RequestInit) => {
    calls.push(`${method} ${path}`);
    const body = method === 'GET' ? { account: { id: account }, grants: [] } : { missing_photos: [] };
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
  });
  await session.ask();
  calls = [];
});

it('a draft goes in the name of its own account', async () => {
  const sent = await deliver(draft, transportOf(7), async () => {});
  expect(sent.delivery.step).toBe('received');
  expect(calls).toEqual(['GET /api/session', `PUT /api/reports/${draft.id}`]);
});

it('a draft never goes under the session of somebody who signed in in another tab', async () => {
  account = 8;
  const kept = await deliver(draft, transportOf(7), async () => {});
  expect(kept.delivery).toMatchObject({ step: 'waiting', why: 'signed_out' });
  expect(calls).toEqual(['GET /api/session']);
  expect(reload).toHaveBeenCalled();
});
