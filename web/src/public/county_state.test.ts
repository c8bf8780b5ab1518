import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { columnsOf } from '../api/site_columns';
import type { SiteEvent, SiteView } from '../api/wire';
import { countyState } from './county_state.svelte';
import { sampleSite } from './site_samples';

class FakeLine extends EventTarget {
  static last: FakeLine;
  constructor() {
    super();
    FakeLine.last = this;
  }
  close(): void {}
  say(type: string, data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

const COUNTY = { name: '云溪县', time_zone: 'Asia/Shanghai', data_as_of: '2026-11-22T11:30:00+08:00' };

let onServer: SiteView[];
let reads: string[];

function answer(path: string): Response {
  reads.push(path);
  const one = /^\/api\/sites\/(\d+)$/.exec(path)?.[1];
  const body = one
    ? onServer.find((site) => site.id === Number(one))
    : path === '/api/map/sites'
      ? columnsOf(onServer)
      : COUNTY;
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
}

function event(differing: Partial<SiteEvent>): SiteEvent {
  return {
    id: 1,
    stage: 'completed',
    overdue: false,
    rev: 2,
    percent: 100,
    struck_off: false,
    stale: false,
    silent: false,
    ...differing,
  };
}

let stop: () => void;

beforeEach(async () => {
  onServer = [sampleSite({ id: 1, finish_overdue: true }), sampleSite({ id: 2 })];
  reads = [];
  vi.stubGlobal('EventSource', FakeLine);
  vi.stubGlobal('fetch', (path: string) => Promise.resolve(answer(path)));
  stop = countyState.start();
  // What the page showed before goes on being shown until this reading is there.
  await vi.waitFor(() => expect(countyState.sites.map((site) => site.rev)).toEqual([1, 1]));
});

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

const shown = (id: number) => countyState.sites.find((site) => site.id === id);

it('an event recolours its site at once and takes the overdue mark off', () => {
  FakeLine.last.say('site', event({}));
  expect(shown(1)).toMatchObject({ stage: 'completed', percent: 100, rev: 2, finish_overdue: false });
  expect(countyState.fresh.has(1)).toBe(true);
});

it('the whole site follows, with what the event does not carry', async () => {
  onServer[0] = sampleSite({ id: 1, stage: 'completed', rev: 2, last_report_at: '2026-11-22T12:00:00+08:00' });
  FakeLine.last.say('site', event({}));
  await vi.waitFor(() => expect(shown(1)?.last_report_at).toBe('2026-11-22T12:00:00+08:00'));
});

it('an event that was already seen, or comes late, changes nothing', () => {
  const before = shown(2);
  FakeLine.last.say('site', event({ id: 2, rev: 1, stage: 'in_progress', percent: 40 }));
  FakeLine.last.say('site', event({ id: 2, rev: 0, stage: 'not_started' }));
  expect(shown(2)).toBe(before);
});

it('everything is read again when the county changed, and after a broken line', async () => {
  reads = [];
  FakeLine.last.say('county');
  await vi.waitFor(() => expect(reads.some((path) => path === '/api/map/sites')).toBe(true));

  vi.useFakeTimers();
  FakeLine.last.dispatchEvent(new Event('open'));
  FakeLine.last.dispatchEvent(new Event('error'));
  expect(countyState.line).toBe('lost');
  reads = [];
  await vi.advanceTimersByTimeAsync(2000);
  FakeLine.last.dispatchEvent(new Event('open'));
  expect(countyState.line).toBe('open');
  await vi.waitFor(() => expect(reads.some((path) => path === '/api/map/sites')).toBe(true));
  vi.useRealTimers();
});

it('tells from when a copy is, the oldest of several', async () => {
  const kept = { 'content-type': 'application/json', 'x-copy-from': 'Sun, 22 Nov 2026 02:05:00 GMT' };
  vi.stubGlobal('fetch', async (path: string) => {
    const body = await answer(path).text();
    return new Response(body, {
      headers: path === '/api/map/sites' ? kept : { 'content-type': 'application/json' },
    });
  });
  countyState.retry();
  await vi.waitFor(() => expect(countyState.copied).toBe(true));
  expect(countyState.asOf).toBe('2026-11-22T10:05');
  vi.stubGlobal('fetch', (path: string) => Promise.resolve(answer(path)));
  countyState.retry();
  await vi.waitFor(() => expect(countyState.copied).toBe(false));
  expect(countyState.asOf).toBe(COUNTY.data_as_of);
});
