import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { columnsOf } from '../api/site_columns';
import { countyState } from './county_state.svelte';
import { exploration } from './exploration.svelte';
import { months } from './months.svelte';
import { sampleSite } from './site_samples';

class FakeLine extends EventTarget {
  static last: FakeLine;
  constructor() {
    super();
    FakeLine.last = this;
  }
  close(): void {}
}

const SITE = sampleSite({ id: 1, stage: 'completed', percent: 100 });

function answer(path: string): unknown {
  if (path === '/api/county')
    return { today: '2026-11-22', time_zone: 'Asia/Shanghai', data_as_of: '2026-11-22T11:30:00+08:00' };
  if (path === '/api/map/months')
    return {
      items: [
        { month: '2026-11', state: 'live', version: null },
        { month: '2026-09', state: 'final', version: 'a' },
      ],
    };
  if (path.startsWith('/api/map/months/'))
    return {
      month: '2026-09',
      state: 'final',
      sites: [{ id: 1, stage: 'not_started', percent: 0, marks: [] }],
      withdrawn: [],
    };
  return path.startsWith('/api/sites/') ? { ...SITE, percent: 90, stage: 'in_progress', rev: 2 } : columnsOf([SITE]);
}

let stop: () => void;

beforeEach(async () => {
  vi.stubGlobal('EventSource', FakeLine);
  vi.stubGlobal('fetch', (path: string) =>
    Promise.resolve(new Response(JSON.stringify(answer(path)), { headers: { 'content-type': 'application/json' } })),
  );
  stop = countyState.start();
  await vi.waitFor(() => expect(countyState.sites).toHaveLength(1));
});

afterEach(async () => {
  stop();
  await months.show(null);
});

it('shows the county as a past month had it, and counts lateness to that month’s last day', async () => {
  expect(exploration.counts.completed).toBe(1);
  await months.show('2026-09');
  expect(exploration.counts).toMatchObject({ completed: 0, not_started: 1, not_due: 1 });
  expect(exploration.today).toBe('2026-09-30');
  await months.show(null);
  expect(exploration.today).toBe('2026-11-22');
});

it('what happens now does not disturb a past view', async () => {
  await months.show('2026-09');
  const event = {
    id: 1,
    stage: 'in_progress',
    overdue: false,
    rev: 2,
    percent: 90,
    struck_off: false,
    stale: false,
    silent: false,
  };
  FakeLine.last.dispatchEvent(new MessageEvent('site', { data: JSON.stringify(event) }));
  await vi.waitFor(() => expect(countyState.sites[0]?.percent).toBe(90));
  expect(exploration.sites[0]).toMatchObject({ stage: 'not_started', percent: 0 });
  expect(exploration.fresh.size).toBe(0);
  await months.show(null);
  expect(exploration.sites[0]?.percent).toBe(90);
  expect(exploration.fresh.has(1)).toBe(true);
});
