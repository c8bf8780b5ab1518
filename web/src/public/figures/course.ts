// The year's course as lines on a plane: where each month's point lies. Pure; in pixels, so that text keeps its size on any width.
import type { ProgressView } from '../../api/wire';

export interface Plane {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Point {
  month: string;
  x: number;
  y: number;
  count: number;
  whole: number;
}

/** Where a share of one lies, from 0 at the bottom to 1 at the top. */
export function heightOf(plane: Plane, share: number): number {
  return plane.top + (plane.height - plane.top - plane.bottom) * (1 - share);
}

/** The middle of the column of the month at `index`. */
export function middleOf(plane: Plane, index: number, months: number): number {
  const column = (plane.width - plane.left - plane.right) / Math.max(1, months);
  return plane.left + column * (index + 0.5);
}

function points(
  plane: Plane,
  progress: ProgressView,
  of: (month: ProgressView['months'][number]) => readonly [number, number] | null,
): Point[] {
  return progress.months.flatMap((month, index) => {
    const counted = of(month);
    if (!counted?.[1]) return [];
    const [count, whole] = counted;
    return [
      {
        month: month.month,
        x: middleOf(plane, index, progress.months.length),
        y: heightOf(plane, count / whole),
        count,
        whole,
      },
    ];
  });
}

/** Completed sites of the sites that were on the month's map; nothing for months without a map. */
export function completedLine(plane: Plane, progress: ProgressView): Point[] {
  return points(plane, progress, ({ figures }) => figures && [figures.counts.completed, figures.counts.sites]);
}

/** What the plan says, of all the year's sites: the whole year, also the months that lie ahead. */
export function plannedLine(
  plane: Plane,
  progress: ProgressView,
  plan: 'planned_original' | 'planned_current',
): Point[] {
  return points(plane, progress, (month) => [month[plan], progress.sites]);
}

/** Points as the `points` of a polyline. */
export function polyline(line: readonly Point[]): string {
  return line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}

/** Every how many months a label fits, when one takes `label` pixels. */
export function labelStep(plane: Plane, months: number, label: number): number {
  const column = (plane.width - plane.left - plane.right) / Math.max(1, months);
  return Math.max(1, Math.ceil(label / Math.max(1, column)));
}
