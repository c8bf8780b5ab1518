// The kinds of problem a report may name. A kind this page does not know (from an older report) is shown as it is written.
import { t } from '../texts';

export const PROBLEMS = [
  'progress',
  'quality',
  'safety',
  'funds',
  'land',
  'coordination',
  'residents',
  'other',
] as const;

export type Problem = (typeof PROBLEMS)[number];

/** The kind in the reader's language. */
export function problemName(kind: string): string {
  const known = PROBLEMS.find((problem) => problem === kind);
  return known ? t(`problem.${known}`) : kind;
}
