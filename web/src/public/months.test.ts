import { beforeEach, expect, it, vi } from 'vitest';
import type { MapMonth } from '../api/wire';
import { months } from './months.svelte';

let reads: string[];
let listed: MapMonth[];

function answer(path: string): unknown {
  reads.push(path);
  if (path === '/api/map/months') return { items: listed, next: null };
  return { month: /\d{4}-\d{2}/.exec(path)?.[0], state: 'final', sites: [], withdrawn: [] };
}

beforeEach(async () => {
  reads = [];
  listed = [
    { month: '2026-11', state: 'live', version: null },
    { month: '2026-10', state: 'provisional', version: `b${Math.random()}` },
    { month: '2026-09', state: 'final', version: 'a' },
  ];
  vi.stubGlobal('fetch', (path: string) =>
    Promise.resolve(new Response(JSON.stringify(answer(path)), { headers: { 'content-type': 'application/json' } })),
  );
  await months.refresh();
  await months.show(null);
  reads = [];
});

it('lists the months from the first to now', () => {
  expect(months.known.map((each) => each.month)).toEqual(['2026-09', '2026-10', '2026-11']);
});

it('reads each edition once, by its name, and a new edition again', async () => {
  await months.preload();
  expect(await months.show('2026-09')).toBe(true);
  expect(months.shown?.month).toBe('2026-09');
  expect(reads.filter((path) => path.includes('2026-10'))).toHaveLength(1);
  expect(reads.filter((path) => path.includes('2026-09')).length).toBeLessThanOrEqual(1);
  listed = listed.map((each) => (each.month === '2026-10' ? { ...each, state: 'final', version: 'c' } : each));
  await months.refresh();
  await months.show('2026-10');
  expect(reads.at(-1)).toBe('/api/map/months/2026-10?version=c');
});

it('knows of no map of a month that is open or was never closed', async () => {
  expect(await months.show('2026-11')).toBe(false);
  expect(await months.show('2020-01')).toBe(false);
  expect(months.shown).toBeNull();
});

it('the month asked for last is the one that is shown', async () => {
  const first = months.show('2026-09');
  const back = months.show(null);
  await Promise.all([first, back]);
  expect(months.shown).toBeNull();
});

it('says when a month cannot be read, and goes on showing what it showed', async () => {
  await months.show('2026-09');
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}', { status: 400 })));
  expect(await months.show('2026-10')).toBe(true);
  expect([months.fault, months.shown?.month]).toEqual([true, '2026-09']);
  await months.show(null);
  expect(months.fault).toBe(false);
});
