import { mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import LatePage from '../month/LatePage.svelte';
import MonthPage from '../month/MonthPage.svelte';
import { readOwedSites } from '../my_month.svelte';
import { outbox } from '../outbox.svelte';
import ReportPage from './ReportPage.svelte';

const SITE = {
  id: 3,
  code: 'MS26-01-003',
  name: '中心幼儿园',
  stage: 'in_progress',
  percent: 40,
  project: { id: 1, number: 1, title: '公办幼儿园' },
  region: { code: '339901001', name: '西河镇' },
  position: { lon: 120, lat: 30 },
  planned_finish_on: null,
  struck_off_on: null,
  last_report_at: null,
};
const RETURNED = {
  id: 'r',
  percent: 40,
  words: '屋面完成',
  problems: [],
  photos: [],
  stage: 'in_progress',
  return_reason: '照片不清',
};

let november: string;
let shown: ReturnType<typeof mount>[];

function owed(month: string, state: string, report: unknown = null) {
  const late_month = { month: '2026-10', until: '2026-11-06T00:00:00+08:00', sites: [SITE.id] };
  const item = { site: SITE, adopted_on: '2026-01-10', state, report, previous: null, reminded_at: null };
  return { month, closes_at: '2026-12-01T00:00:00+08:00', today: '2026-11-03', items: [item], late_month, next: null };
}

function show(component: typeof LatePage, props = {}): HTMLElement {
  const target = document.createElement('div');
  document.body.replaceChildren(target);
  shown.push(mount(component, { target, props }));
  return target;
}

const wordsOf = (target: HTMLElement) => target.textContent?.replace(/\s+/g, ' ') ?? '';
const choices = (target: HTMLElement) => [...target.querySelectorAll<HTMLInputElement>('input[name=month]')];

beforeEach(async () => {
  shown = [];
  november = 'owed';
  vi.stubGlobal('scrollTo', () => undefined);
  const nowhere = { getCurrentPosition: (_: unknown, refuse: (why: unknown) => void) => refuse({ code: 1 }) };
  Object.defineProperty(navigator, 'geolocation', { value: nowhere, configurable: true });
  vi.stubGlobal('fetch', (path: string) => {
    const body = path.includes('month=2026-10') ? owed('2026-10', 'returned', RETURNED) : owed('2026-11', november);
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } }));
  });
  await outbox.open(7);
  await readOwedSites();
});

afterEach(async () => {
  for (const each of shown) await unmount(each);
  await outbox.drop(SITE.id);
});

describe('in the days of grace', () => {
  it('the month’s page says how many sites the month before still waits for, and until when', () => {
    const page = show(MonthPage);
    expect(wordsOf(page)).toContain('10月还有 1 个点位没有反馈，11月5日24时前可以补报');
    expect(page.querySelector('a[href="#/late"]')).not.toBeNull();
  });

  it('the late page leads to the report of each of them, with the reason of a return', () => {
    const page = show(LatePage);
    expect(wordsOf(page)).toContain('退回原因：照片不清');
    expect(page.querySelector('a[href="#/sites/3/report/2026-10"]')?.textContent).toContain('补报10月');
  });

  it('the form begins with the late month when asked for it, and offers both', async () => {
    const form = show(ReportPage as never, { siteId: 3, asked: '2026-10' });
    await vi.waitFor(() => expect(choices(form)).toHaveLength(2));
    expect(wordsOf(form)).toContain('督查反馈补报10月');
    expect(choices(form).map(({ value, checked }) => [value, checked])).toEqual([
      ['2026-10', true],
      ['2026-11', false],
    ]);
    expect(form.querySelector('textarea')?.value).toBe('屋面完成');
    choices(form)[1]?.click();
    await vi.waitFor(() => expect(wordsOf(form)).toContain('督查反馈2026年11月'));
    expect(outbox.of(3)).toMatchObject({ month: '2026-11', isLate: false, amends: null });
  });

  it('the form offers no choice when only the late month is owed', async () => {
    november = 'reported';
    await readOwedSites();
    const form = show(ReportPage as never, { siteId: 3, asked: '2026-10' });
    await vi.waitFor(() => expect(wordsOf(form)).toContain('督查反馈补报10月'));
    expect(choices(form)).toHaveLength(0);
  });

  it('a draft left as it was gives way to the month asked for next', async () => {
    show(ReportPage as never, { siteId: 3, asked: undefined });
    await vi.waitFor(() => expect(outbox.of(3)?.month).toBe('2026-11'));
    show(ReportPage as never, { siteId: 3, asked: '2026-10' });
    await vi.waitFor(() => expect(outbox.of(3)?.month).toBe('2026-10'));
  });
});
