// In which order the parts of the county are shown. Compared by a share, whoever has too few to be compared is left out, and counted: with
// two sites one more or less turns every order round. In their own order nobody is left out. Pure.
import type { Figures, SummaryView } from '../../api/wire';
import type { Order, Part } from './figures_view';

/** One project, township or unit with its figures. */
export interface Row extends Figures {
  key: string;
  name: string;
  /** The list of its sites. */
  address: string;
  ranked: boolean;
  /** Its place when the rows are compared; equal shares share a place. */
  place: number | null;
}

export interface Shown {
  rows: Row[];
  /** Who is not shown, because they have too few to be compared. */
  leftOut: number;
  leftOutSites: number;
}

/** A part and its whole. */
export type Share = readonly [part: number, whole: number];

/** The rows of a summary; parts without any site have nothing to show. */
export function rowsOf(summary: SummaryView, part: Part): Row[] {
  const row = (key: string, name: string, address: string, figures: Figures & { ranked: boolean }): Row => {
    const { counts, owed, received, on_time, ranked } = figures;
    return { key, name, address, counts, owed, received, on_time, ranked, place: null };
  };
  const rows = {
    project: () =>
      [...summary.projects]
        .sort((one, other) => one.project.number - other.project.number)
        .map((each) => row(`${each.project.id}`, each.project.title, `/list?project=${each.project.id}`, each)),
    region: () =>
      summary.regions.map((each) => row(each.region.code, each.region.name, `/list?region=${each.region.code}`, each)),
    unit: () =>
      summary.units.map((each) =>
        row(`${each.unit.id}`, each.unit.name, `/list?q=${encodeURIComponent(each.unit.name)}`, each),
      ),
  }[part]();
  return rows.filter((each) => each.counts.sites > 0);
}

/** What a row is compared by. */
export function shareOf(row: Figures, order: Order): Share {
  if (order === 'late') return [row.counts.overdue_red + row.counts.overdue_yellow, row.counts.sites];
  if (order === 'on_time') return [row.on_time, row.owed];
  return [row.counts.completed, row.counts.sites];
}

/** The rows in `order`. Most completed, most late and most on time come first. */
export function inOrder(rows: readonly Row[], order: Order, minimum: number): Shown {
  if (order === 'own') return { rows: [...rows], leftOut: 0, leftOutSites: 0 };
  // Reports are compared by reports: somebody may have many sites and few reports to owe.
  const enough = (row: Row) => row.ranked && (order !== 'on_time' || row.owed >= minimum);
  const compared = rows.filter(enough).sort((one, other) => byShare(shareOf(other, order), shareOf(one, order)));
  const small = rows.filter((row) => !enough(row));
  return {
    rows: withPlaces(compared, order),
    leftOut: small.length,
    leftOutSites: small.reduce((sum, row) => sum + row.counts.sites, 0),
  };
}

/** Compares two shares without dividing, so that equal shares are equal. */
function byShare([part, whole]: Share, [otherPart, otherWhole]: Share): number {
  return part * otherWhole - otherPart * whole;
}

function withPlaces(rows: readonly Row[], order: Order): Row[] {
  let place = 0;
  return rows.map((row, index) => {
    const above = rows[index - 1];
    if (!above || byShare(shareOf(above, order), shareOf(row, order)) !== 0) place = index + 1;
    return { ...row, place };
  });
}

/** A share in whole percent, rounded down: all but one completed is not 100 %. */
export function percentWords([part, whole]: Share): string {
  return whole ? `${Math.floor((part * 100) / whole)}%` : '—';
}
