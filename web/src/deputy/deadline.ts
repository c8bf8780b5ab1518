/**
 * How long the reporting month stays open, counted in the county's calendar and never in the phone's:
 * everything comes from the server's `today` and from the offset written in `closes_at`.
 */

const DAY_MS = 86_400_000;

/** Whole days from `today` (YYYY-MM-DD) to the last day before `closesAt` (RFC 3339); 0 on the last day, negative after it. */
export function daysLeft(closesAt: string, today: string): number {
  return Math.round((Date.parse(lastDayOf(closesAt)) - Date.parse(today)) / DAY_MS);
}

/** The last calendar day (YYYY-MM-DD) on which a report is in time, in the offset `closesAt` is written in. */
export function lastDayOf(closesAt: string): string {
  const lastSecond = Date.parse(closesAt) - 1000;
  return new Date(lastSecond + offsetMinutes(closesAt) * 60_000).toISOString().slice(0, 10);
}

/**
 * The county's day by now, when `today` was read at `readAt` and nobody could be asked since: as many days on as the phone's clock has gone
 * since then. A clock that has gone back, or two months on, is not believed. `offsetOf` is any moment in the county's offset.
 */
export function dayByNow(today: string, readAt: Date | null, now: Date, offsetOf: string): string {
  if (readAt === null) return today;
  const day = (moment: Date) => Math.floor((moment.getTime() + offsetMinutes(offsetOf) * 60_000) / DAY_MS);
  const gone = day(now) - day(readAt);
  return gone > 0 && gone <= 62 ? new Date(Date.parse(today) + gone * DAY_MS).toISOString().slice(0, 10) : today;
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
