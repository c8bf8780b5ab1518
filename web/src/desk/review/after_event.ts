// What a live event changes in rows already shown, before the list is read again. Pure.
import type { ReviewRow, SiteEvent } from '../../api/wire';

/** The rows with the changed site's present stage and percent; an older event changes nothing. */
export function afterEvent(rows: readonly ReviewRow[], event: SiteEvent): ReviewRow[] {
  return rows.map((row) => {
    if (row.site_id !== event.id || event.rev < row.site.rev) return row;
    const { stage, percent, rev, stale, silent } = event;
    return { ...row, site: { ...row.site, stage, percent, rev, stale, silent } };
  });
}
