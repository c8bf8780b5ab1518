import { expect, it } from 'vitest';
import type { ReportView } from '../../api/wire';
import { mayReturn, possibleActs } from './acts';

it('offers strike-off for completed sites only, and reopening for struck-off ones only', () => {
  expect(possibleActs({ stage: 'in_progress', struck_off_on: null })).toEqual(['correct']);
  expect(possibleActs({ stage: 'completed', struck_off_on: null })).toEqual(['strike', 'correct']);
  expect(possibleActs({ stage: 'completed', struck_off_on: '2026-10-12' })).toEqual(['reopen']);
});

it('sends back standing reports only', () => {
  const report = (state: ReportView['state']) => ({ state }) as ReportView;
  expect(mayReturn(report('standing'), { struck_off_on: null })).toBe(true);
  expect(mayReturn(report('amended'), { struck_off_on: null })).toBe(false);
  expect(mayReturn(report('standing'), { struck_off_on: '2026-10-12' })).toBe(false);
});
