// How late a site is, in whole days of the county's calendar.
import { isOverdue, type SiteView } from '../api/wire';
import { daysBetween } from '../i18n/dates';

/** Days since the date that was missed (the earlier of the two, when both were); 0 when the site is not overdue. */
export function overdueDays(site: SiteView, today: string): number {
  if (!isOverdue(site)) return 0;
  const missed = [
    site.start_overdue ? site.planned_start_on : null,
    site.finish_overdue ? site.planned_finish_on : null,
  ].filter((date): date is string => date !== null);
  return Math.max(0, ...missed.map((date) => daysBetween(date, today)));
}

/** How much of the planned time has passed, in percent; null when a date is missing. */
export function plannedShare(site: SiteView, today: string): number | null {
  const { planned_start_on: start, planned_finish_on: finish } = site;
  if (!start || !finish) return null;
  const whole = daysBetween(start, finish);
  if (whole <= 0) return null;
  return Math.round(Math.min(1, Math.max(0, daysBetween(start, today) / whole)) * 100);
}
