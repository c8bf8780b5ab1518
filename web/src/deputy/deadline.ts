/**
 * How long the reporting month stays open, counted in the county's calendar and never in the phone's:
 * everything comes from the server's `today` and from the offset written in `closes_at`.
 */

/** Whole days from `today` (YYYY-MM-DD) to the last day before `closesAt` (RFC 3339); 0 on the last day, negative after it. */
export function daysLeft(closesAt: string, today: string): number {
  return Math.round((Date.parse(lastDayOf(closesAt)) - Date.parse(today)) / 86_400_000);
}

/** The last calendar day (YYYY-MM-DD) on which a report is in time, in the offset `closesAt` is written in. */
export function lastDayOf(closesAt: string): string {
  const lastSecond = Date.parse(closesAt) - 1000;
  return new Date(lastSecond + offsetMinutes(closesAt) * 60_000).toISOString().slice(0, 10);
}

/** How pressing the end of the month is: the tone of the banner on the first page. */
export function urgency(days: number): 'calm' | 'near' | 'last' | 'closed' {
  if (days < 0) return 'closed';
  if (days <= 1) return 'last';
  return days <= 5 ? 'near' : 'calm';
}

function offsetMinutes(moment: string): number {
  const written = /([+-])(\d\d):(\d\d)$/.exec(moment);
  if (!written) return 0;
  const minutes = Number(written[2]) * 60 + Number(written[3]);
  return written[1] === '-' ? -minutes : minutes;
}
