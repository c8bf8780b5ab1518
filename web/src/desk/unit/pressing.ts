// The order in which a unit looks at its sites: late red, late yellow, the rest that is not done, what is done. Pure.
import { isOverdue, type SiteView } from '../../api/wire';

/** The sites, what presses most first; within a rank the earliest planned finish. */
export function pressingFirst(sites: readonly SiteView[]): SiteView[] {
  return [...sites].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.planned_finish_on ?? '9999').localeCompare(other.planned_finish_on ?? '9999') ||
      one.id - other.id,
  );
}

function rank(site: SiteView): number {
  if (site.stage === 'completed') return 3;
  if (!isOverdue(site)) return 2;
  return site.stage === 'not_started' ? 0 : 1;
}
