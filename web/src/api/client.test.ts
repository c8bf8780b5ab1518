import { afterEach, expect, it, vi } from 'vitest';
import { get, post, put, remove, withQuery } from './client';
import { ApiProblem } from './problem';

function answer(status: number, body: unknown, type = 'application/json'): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('leaves empty values out of the query', () => {
  expect(withQuery('/api/sites', { stage: 'completed', q: '', region: null, limit: 5 })).toBe(
    '/api/sites?stage=completed&limit=5',
  );
});

it('turns problem+json into a typed problem with the fields at fault', async () => {
  const body = {
    code: 'invalid',
    title: '内容有误',
    detail: '进度应在 0 到 100 之间',
    fields: [{ field: 'percent', code: 'range', message: '应在 0 到 100 之间' }],
    request_id: 'r1',
  };
  vi.stubGlobal('fetch', () => Promise.resolve(answer(422, body, 'application/problem+json')));
  const problem = await post('/api/x', {}).catch((thrown: unknown) => thrown);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({ status: 422, code: 'invalid', message: '进度应在 0 到 100 之间', requestId: 'r1' });
  expect((problem as ApiProblem).field('percent')).toBe('应在 0 到 100 之间');
});

it('reads again when the server is away, and says unreachable when it stays away', async () => {
  vi.useFakeTimers();
  const fetched = vi.fn(() => Promise.reject(new TypeError('network')));
  vi.stubGlobal('fetch', fetched);
  const outcome = get('/api/county').catch((thrown: unknown) => thrown);
  await vi.runAllTimersAsync();
  expect(await outcome).toMatchObject({ status: 0, code: 'unreachable' });
  expect(fetched).toHaveBeenCalledTimes(3);
});

it('never repeats an act by itself, and sends its key', async () => {
  const fetched = vi.fn((_path: string, _request: RequestInit) => Promise.resolve(answer(503, {})));
  vi.stubGlobal('fetch', fetched);
  await expect(post('/api/x', {}, { idempotencyKey: 'k' })).rejects.toMatchObject({ status: 503 });
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(fetched.mock.calls[0]?.[1].headers).toMatchObject({ 'idempotency-key': 'k' });
});

it('gives up a line that has gone dead, and does not take a caller who gave up for one', async () => {
  vi.useFakeTimers();
  const deadLine = (_path: string, request: RequestInit) =>
    new Promise<Response>((_answer, reject) => {
      request.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
  vi.stubGlobal('fetch', vi.fn(deadLine));
  const outcome = post('/api/x', {}).catch((thrown: unknown) => thrown);
  await vi.runAllTimersAsync();
  expect(await outcome).toMatchObject({ status: 0, code: 'unreachable' });

  const caller = new AbortController();
  const given = post('/api/x', {}, { signal: caller.signal }).catch((thrown: unknown) => thrown);
  caller.abort();
  expect(await given).toMatchObject({ name: 'AbortError' });
});

it('asks again under the same key after a lost answer, and under a new one once it is answered', async () => {
  const keys: string[] = [];
  let lost = true;
  vi.stubGlobal('fetch', (_path: string, request: RequestInit) => {
    keys.push((request.headers as Record<string, string>)['idempotency-key'] ?? '');
    return lost ? Promise.reject(new TypeError('network')) : Promise.resolve(answer(200, {}));
  });
  await expect(put('/api/sites/1', { name: '甲', rev: 2 })).rejects.toMatchObject({ code: 'unreachable' });
  lost = false;
  await put('/api/sites/1', { name: '甲', rev: 2 });
  await put('/api/sites/1', { name: '甲', rev: 2 });
  await put('/api/sites/1', { name: '乙', rev: 2 });
  await remove('/api/sites/1/offer');
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(new Set(keys).size).toBe(4);
});
