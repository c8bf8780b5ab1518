import { expect, it } from 'vitest';
import type { ReportReceipt, ReportView } from '../../api/wire';
import { wordsBeside } from './beside';

const receipt = { id: 'own', month: '2026-11', stage: 'completed', version: 1 } as ReportReceipt;
const report = (id: string, name: string, more: Partial<ReportView> = {}) =>
  ({ id, deputy: { id: name.length, name }, stage: 'completed', state: 'standing', ...more }) as ReportView;

it('says who saw it otherwise, and nothing of who agrees or was sent back', () => {
  const others = [
    report('own', '甲'),
    report('b', '乙乙', { stage: 'in_progress' }),
    report('c', '丙丙丙'),
    report('d', '丁丁丁丁', { stage: 'not_started', state: 'returned' }),
  ];
  expect(wordsBeside(others, receipt, null)).toEqual([
    '乙乙 代表本月反馈为“进行中”，与您不同。两份都会保留，地图以最后写的为准，县人大常委会会看到并核实。',
  ]);
});

it('says when a later one of another phone counts, and when this one took the place of an earlier one', () => {
  expect(wordsBeside([report('own', '甲', { state: 'amended' })], receipt, null)[0]).toContain('以那份为准');
  expect(wordsBeside([report('own', '甲')], { ...receipt, version: 2 }, null)[0]).toContain('第 2 版');
  expect(wordsBeside([report('own', '甲')], { ...receipt, version: 2 }, 'the first')).toEqual([]);
  expect(wordsBeside([], receipt, null)).toEqual([]);
});
