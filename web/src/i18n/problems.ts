// The kinds of problem a report may name, in words. A kind this page does not know (from an older report) is shown as it is written.
import { translator } from './translator';

export const PROBLEMS = [
  'progress',
  'quality',
  'safety',
  'funds',
  'land',
  'coordination',
  'residents',
  'weather',
  'other',
] as const;

export type ProblemKind = (typeof PROBLEMS)[number];

const t = translator<ProblemKind>(
  {
    progress: '进度滞后',
    quality: '质量问题',
    safety: '安全隐患',
    funds: '资金不足',
    land: '用地或征迁',
    coordination: '部门协调',
    residents: '群众有意见',
    weather: '天气影响',
    other: '其他',
  },
  {
    progress: 'Behind schedule',
    quality: 'Quality',
    safety: 'Safety',
    funds: 'Funds',
    land: 'Land or relocation',
    coordination: 'Coordination',
    residents: 'Residents object',
    weather: 'Weather',
    other: 'Other',
  },
);

/** The kind in the reader's language. */
export function problemName(kind: string): string {
  const known = PROBLEMS.find((problem) => problem === kind);
  return known ? t(known) : kind;
}
