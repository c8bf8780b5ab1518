// Short names of the two months a deputy may report for at once; the year is plain from today.
import { dayWords, monthWords } from '../i18n/dates';
import { locale } from '../i18n/locale.svelte';
import { lastDayOf } from './deadline';

/** `2026-10` → 10月 / Oct 2026. */
export function monthName(month: string): string {
  return locale.current === 'en' ? monthWords(month) : `${Number(month.slice(5))}月`;
}

/** The last day before the instant `until`: 11月5日 / 5 Nov 2026. */
export function lastDayName(until: string): string {
  return dayWords(lastDayOf(until)).replace(/^\d+年/, '');
}
