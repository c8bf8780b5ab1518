// What a phone's own clock said of a report, and how wrong that clock was, in words.
import { momentWords } from '../../i18n/dates';
import type { ReportEvidence } from './evidence';
import { tf } from './file_texts';

/** Seconds within which a clock passes for right. */
const TOLERANCE_S = 300;

/** `写于…`, with by how much the clock was wrong where it was. */
export function phoneWords({ writtenAt, aheadS }: NonNullable<ReportEvidence['phone']>): string {
  const time = momentWords(writtenAt);
  if (aheadS === null || Math.abs(aheadS) <= TOLERANCE_S) return tf('clock.written', { time });
  return tf(aheadS > 0 ? 'clock.ahead' : 'clock.behind', { time, by: span(Math.abs(aheadS)) });
}

function span(seconds: number): string {
  if (seconds >= 2 * 86_400) return tf('clock.days', { count: Math.round(seconds / 86_400) });
  if (seconds >= 2 * 3600) return tf('clock.hours', { count: Math.round(seconds / 3600) });
  return tf('clock.minutes', { count: Math.round(seconds / 60) });
}
