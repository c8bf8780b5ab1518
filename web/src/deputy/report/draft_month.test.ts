import { describe, expect, it } from 'vitest';
import type { OwedSite } from '../../api/wire';
import { begun, bodyOf, type Draft, forMonth, type Months, monthOf, upToDate } from './draft';

const site = { id: 3, code: 'MS26-01-003', name: '中心幼儿园', stage: 'in_progress', percent: 40 };
const owed = { site, report: null } as unknown as OwedSite;
const NOVEMBER: Months = { open: '2026-11', late: '2026-10' };
const FINAL: Months = { open: '2026-11', late: null };

function draft(month: string | undefined, months: Months): Draft {
  const made = begun(
    owed,
    month === undefined ? {} : forMonth(month, months),
    7,
    'id',
    new Date('2026-11-03T01:00:00Z'),
  );
  return { ...made, stage: 'in_progress' };
}

describe('the month a report is for', () => {
  it('is the open one unless the late one is asked for and still owed', () => {
    expect(monthOf(null, undefined, NOVEMBER)).toBe('2026-11');
    expect(monthOf(null, '2026-10', NOVEMBER)).toBe('2026-10');
    expect(monthOf(null, '2026-10', FINAL)).toBe('2026-11');
    expect(monthOf(null, '2026-09', NOVEMBER)).toBe('2026-11');
  });

  it('is kept by a draft, whatever the way back to it asks for', () => {
    expect(monthOf(draft('2026-10', NOVEMBER), undefined, NOVEMBER)).toBe('2026-10');
    expect(monthOf(draft('2026-11', NOVEMBER), '2026-10', NOVEMBER)).toBe('2026-11');
  });

  it('becomes the late one by itself when the month of a draft has closed', () => {
    const begunInOctober = draft('2026-10', { open: '2026-10', late: null });
    expect(upToDate(begunInOctober, owed, NOVEMBER)).toMatchObject({ month: '2026-10', isLate: true });
  });

  it('becomes the open one when its own takes no report any more, and says so', () => {
    const moved = upToDate(draft('2026-10', NOVEMBER), owed, FINAL);
    expect(moved).toMatchObject({ month: '2026-11', isLate: false, movedFrom: '2026-10' });
    expect(upToDate(moved, owed, FINAL)).toBe(moved);
  });

  it('is the open one for a draft that was kept before there was a choice', () => {
    const old = upToDate(draft(undefined, NOVEMBER), owed, NOVEMBER);
    expect(old).toMatchObject({ month: '2026-11', isLate: false });
    expect(old.movedFrom).toBeUndefined();
  });

  it('does not change while an attempt may have arrived', () => {
    const waiting: Draft = {
      ...draft('2026-10', NOVEMBER),
      delivery: { step: 'waiting', why: 'network', retryAfterS: null },
    };
    expect(upToDate(waiting, owed, FINAL)).toBe(waiting);
  });
});

describe('the body', () => {
  it('names the month that the form shows', () => {
    expect(bodyOf(draft('2026-10', NOVEMBER)).month).toBe('2026-10');
  });

  it('of a report that was sent before there was a choice stays as it was', () => {
    expect(JSON.stringify(bodyOf(draft(undefined, NOVEMBER)))).not.toContain('month');
  });
});
