import { describe, expect, it } from 'vitest';
import type { OrderView } from '../../api/wire';
import { addressed, daysLater, issuedWords, laterWords, sitesWords, stateWords, termWords, unanswering } from './order';

function order(changes: Partial<OrderView>): OrderView {
  return {
    state: 'issued',
    open: true,
    followed_by: null,
    due_on: '2026-10-30',
    days_overdue: 0,
    ...changes,
  } as OrderView;
}

describe('an order in words', () => {
  it('counts down to the due date and then up', () => {
    expect(termWords(order({}), '2026-10-25')).toBe('还剩 5 天');
    expect(termWords(order({}), '2026-10-30')).toBe('今天到期');
    expect(termWords(order({ days_overdue: 3, state: 'sent_back' }), '2026-11-02')).toBe('逾期 3 天');
  });

  it('says nothing of a term that does not run', () => {
    expect(termWords(order({ state: 'answered' }), '2026-12-01')).toBe('');
    expect(termWords(order({ open: false, followed_by: 9 }), '2026-12-01')).toBe('');
  });

  it('says that a second order has taken its place', () => {
    expect(stateWords(order({ open: false, followed_by: 9 }))).toBe('已再次督办');
    expect(stateWords(order({ state: 'answered' }))).toBe('已答复，待审阅');
  });

  it('says how an order ended without an answer', () => {
    expect(stateWords(order({ open: false, state: 'withdrawn' }))).toBe('已撤回');
    expect(stateWords(order({ open: false, state: 'lapsed' }))).toBe('已终止');
    expect(termWords(order({ open: false, state: 'withdrawn' }), '2026-12-01')).toBe('');
  });

  it('tells beside the letter what changed since it was issued', () => {
    const issued = order({ first_due_on: '2026-10-30', level: 'order' });
    expect(laterWords(issued)).toBe('');
    const later = laterWords({ ...issued, state: 'sent_back', due_on: '2026-11-12', level: 'key_supervision' });
    expect(later).toContain('办理期限改为');
    expect(later).toContain('升级为重点督办');
    expect(later).toContain('已退回');
  });

  it('names one site and counts several', () => {
    expect(sitesWords([{ name: '甲' }])).toBe('甲');
    expect(sitesWords([{ name: '甲' }, { name: '乙' }])).toBe('甲 等 2 个点位');
  });
});

it('makes one order for each unit, with its own sites and each adopter once', () => {
  const row = (id: number, unit: number | null, adopters: number[]) => ({
    site: { id, name: `点位${id}`, unit: unit === null ? null : { id: unit, name: `单位${unit}` } },
    adopters: adopters.map((adopter) => ({ id: adopter })),
  });
  const groups = addressed([row(1, 7, [1]), row(2, 8, [2, 3]), row(3, 8, [3]), row(4, null, [9])] as Parameters<
    typeof addressed
  >[0]);
  expect(groups.map(({ unit, sites, adopters }) => [unit.id, sites.map(({ id }) => id), adopters])).toEqual([
    [8, [2, 3], 2],
    [7, [1], 1],
  ]);
});

it('counts days over the end of a month', () => {
  expect(daysLater('2026-10-30', 7)).toBe('2026-11-06');
});

it('names the orders that were issued, of very many the first and the last', () => {
  const numbers = Array.from({ length: 52 }, (_, at) => `${at + 1} 号`);
  expect(issuedWords(numbers.slice(0, 2))).toContain('1 号、2 号');
  expect(issuedWords(numbers)).toMatch(/52.*1 号.*52 号/);
  expect(issuedWords(numbers)).not.toContain('、');
});

it('names each unit once for which nobody can answer, and none while that is not known', () => {
  const unit = (id: number, name: string) => ({ unit: { id, name } });
  const groups = [unit(7, '县教育局'), unit(8, '县交通局'), unit(8, '县交通局'), unit(9, '县水利局')];
  const known = [
    { id: 7, name: '县教育局', accounts: 2 },
    { id: 8, name: '县交通局', accounts: 0 },
  ];
  expect(unanswering(groups, known)).toEqual(['县交通局']);
  expect(unanswering(groups, null)).toEqual([]);
});
