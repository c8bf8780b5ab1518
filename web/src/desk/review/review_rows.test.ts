import { afterEach, expect, it, vi } from 'vitest';
import { NO_FILTERS } from './review_filters';
import { ReviewRows } from './review_rows.svelte';

/** A server that lists these sites, and notes what it is asked and how much of it at the same time. */
function serving(site_ids: number[], ranks: number[] | null) {
  const asked: URL[] = [];
  const busy = { now: 0, most: 0 };
  vi.stubGlobal('fetch', async (path: string) => {
    const url = new URL(path, 'http://127.0.0.1');
    asked.push(url);
    busy.now += 1;
    busy.most = Math.max(busy.most, busy.now);
    await new Promise((resolve) => setTimeout(resolve));
    busy.now -= 1;
    const named = (url.searchParams.get('sites') ?? '').split(',').map(Number);
    const body = url.pathname.endsWith('outline')
      ? { site_ids, ranks, totals: {}, rule: {} }
      : { items: named.map((site_id) => ({ site_id, rank: null })), next: null };
    return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  });
  return { asked, busy };
}

afterEach(() => vi.unstubAllGlobals());

it('reads ten thousand rows a few calls at a time, without their places, and says how far it is', async () => {
  const ids = Array.from({ length: 10_000 }, (_, at) => at + 1);
  const { asked, busy } = serving(ids, null);
  const list = new ReviewRows();
  await list.read(NO_FILTERS);
  const told: string[] = [];
  const rows = await list.all(ids, (done, count) => told.push(`${done}/${count}`));
  expect([rows.length, told.length, told.at(-1), busy.most]).toEqual([10_000, 20, '10000/10000', 3]);
  const questions = asked.filter((url) => url.pathname === '/api/review');
  expect(questions.every((url) => url.searchParams.get('unranked') === 'true')).toBe(true);
  await list.all(ids);
  expect(asked).toHaveLength(21);
});

it('takes the place of a row from the outline', async () => {
  serving([7, 3], null);
  const list = new ReviewRows();
  await list.read(NO_FILTERS);
  expect([list.rank(7), list.rank(3)]).toEqual([1, 2]);
  serving([7, 3], [40, 12]);
  await list.read({ ...NO_FILTERS, sort: 'site' });
  expect([list.rank(7), list.rank(3)]).toEqual([40, 12]);
});
