// The bands of a ring: how a township's or a group's sites are shared between the stages. Used on the page (SVG) and on canvas alike.
import type { Stage } from '../api/wire';

export interface StageShares {
  completed: number;
  in_progress: number;
  not_started: number;
}

export interface Arc {
  stage: Stage;
  /** Radians, clockwise from the top. */
  from: number;
  to: number;
}

const ORDER: readonly Stage[] = ['completed', 'in_progress', 'not_started'];
const WHOLE = 2 * Math.PI;
/** Between two bands, in radians. */
const GAP = 0.1;
/** However few they are, they are seen. */
const LEAST = 0.34;

/** The bands in their order, blue, yellow, red, with a gap between two of them. */
export function arcsOf(shares: StageShares): Arc[] {
  const present = ORDER.filter((stage) => shares[stage] > 0);
  const sum = present.reduce((all, stage) => all + shares[stage], 0);
  const widths = present.map((stage) => Math.max(LEAST, (shares[stage] / sum) * WHOLE));
  const stretch = WHOLE / widths.reduce((all, width) => all + width, 0);
  const gap = present.length > 1 ? GAP / 2 : 0;
  let from = 0;
  return present.map((stage, at) => {
    const to = from + (widths[at] ?? 0) * stretch;
    const arc = { stage, from: from + gap, to: to - gap };
    from = to;
    return arc;
  });
}
