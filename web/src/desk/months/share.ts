// A part of a whole in whole percent, for bars and small figures. Pure.

/** 0 when there is no whole. */
export function share(part: number, whole: number): number {
  return whole > 0 ? Math.round((100 * part) / whole) : 0;
}
