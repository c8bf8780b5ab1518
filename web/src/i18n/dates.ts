// Dates, months and moments as people read them. Calendar dates stay strings: they are the county's days, not the reader's.
import { locale } from './locale.svelte';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-03-05` → 2026年3月5日 / 5 Mar 2026. */
export function dayWords(date: string): string {
  const [year = '', month = '1', day = '1'] = date.split('-');
  if (locale.current === 'en') return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
  return `${year}年${Number(month)}月${Number(day)}日`;
}

/** `2026-03` → 2026年3月 / Mar 2026. */
export function monthWords(month: string): string {
  const [year = '', number = '1'] = month.split('-');
  if (locale.current === 'en') return `${MONTHS[Number(number) - 1] ?? number} ${year}`;
  return `${year}年${Number(number)}月`;
}

/** An RFC 3339 moment with the county's offset → its local day and minute, as written. */
export function momentWords(moment: string): string {
  return `${dayWords(moment.slice(0, 10))} ${moment.slice(11, 16)}`;
}

/** Whole days from one calendar date to another (negative when `to` lies before `from`). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** A moment as the county's clock shows it, in the form `momentWords` reads. */
export function momentIn(timeZone: string, moment: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}
