// A past month laid over today's list: the sites as that month's map shows them. Pure.
import type { MonthMap, SiteView } from '../api/wire';

type SiteInMonth = MonthMap['sites'][number];

/** The sites of the month. One that came later is not among them; one that is gone since is. */
export function sitesInMonth(today: readonly SiteView[], map: MonthMap): SiteView[] {
  const then = new Map(map.sites.map((site) => [site.id, site]));
  const gone = new Set(map.withdrawn.map((site) => site.id));
  const kept = today.flatMap((site) => {
    const was = gone.has(site.id) ? undefined : then.get(site.id);
    return was ? [asItWas(site, was, map)] : [];
  });
  return [...kept, ...map.withdrawn];
}

function asItWas(site: SiteView, was: SiteInMonth, map: MonthMap): SiteView {
  const wore = (mark: SiteInMonth['marks'][number]) => was.marks.includes(mark);
  return {
    ...site,
    stage: was.stage,
    percent: was.percent,
    start_overdue: wore('start_overdue'),
    finish_overdue: wore('finish_overdue'),
    silent: wore('silent'),
    stale: wore('stale'),
    struck_off_on: wore('struck_off') ? (site.struck_off_on ?? lastDay(map.month)) : null,
  };
}

/** The last day of a month: 2026-02 → 2026-02-28. */
export function lastDay(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
}
