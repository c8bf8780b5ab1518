import { expect, it } from 'vitest';
import type { ReportView, StrikeOffProposal } from '../../api/wire';
import { mayReturn, possibleActs, wordsOptional } from './acts';

it('offers strike-off for completed sites only, and reopening for struck-off ones only', () => {
  const rights = { may_decide: true, decided_by_county_on: null, strike_off_by_two: false, strike_off_proposal: null };
  expect(possibleActs({ stage: 'in_progress', struck_off_on: null }, rights)).toEqual(['correct']);
  expect(possibleActs({ stage: 'completed', struck_off_on: null }, rights)).toEqual(['strike', 'correct']);
  expect(possibleActs({ stage: 'completed', struck_off_on: '2026-10-12' }, rights)).toEqual(['reopen']);
});

it('strikes off by two persons where the county wants it, and leaves key sites to the county', () => {
  const completed = { stage: 'completed', struck_off_on: null } as const;
  const byTwo = { may_decide: true, decided_by_county_on: null, strike_off_by_two: true, strike_off_proposal: null };
  expect(possibleActs(completed, byTwo)).toEqual(['propose', 'correct']);
  const proposal = { id: 5 } as StrikeOffProposal;
  expect(possibleActs(completed, { ...byTwo, strike_off_proposal: proposal })).toEqual(['correct']);
  expect(possibleActs(completed, { ...byTwo, may_decide: false })).toEqual([]);
  expect(possibleActs(completed, { ...byTwo, decided_by_county_on: '2026-10-20' })).toEqual([]);
  expect(wordsOptional('confirm')).toBe(true);
  expect(wordsOptional('refuse')).toBe(false);
});

it('sends back standing reports only', () => {
  const report = (state: ReportView['state']) => ({ state }) as ReportView;
  expect(mayReturn(report('standing'), { struck_off_on: null })).toBe(true);
  expect(mayReturn(report('amended'), { struck_off_on: null })).toBe(false);
  expect(mayReturn(report('standing'), { struck_off_on: '2026-10-12' })).toBe(false);
});
