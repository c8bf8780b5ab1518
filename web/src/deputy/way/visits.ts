// In which order to visit several sites: always on to the nearest that is left, then straightened where two ways cross. Distances are those
// of the bird: they put a day's visits in a sensible order and promise nothing about roads.
import type { Position } from '../../api/wire';
import { distanceM } from '../../ui/place';

export interface Stop<Site> {
  site: Site;
  /** From the stop before, or from where the deputy is; null for a first stop without a place to start from. */
  fromBeforeM: number | null;
}

/** The stops in order. Without a place to start from, the westernmost site is the first. */
export function visitsOf<Site extends { position: Position }>(
  sites: readonly Site[],
  start: Position | null,
): Stop<Site>[] {
  const left = [...sites];
  const order: Site[] = [];
  let here = start;
  while (left.length > 0) {
    const from = here;
    const next = left.reduce((best, site) => (key(site, from) < key(best, from) ? site : best));
    left.splice(left.indexOf(next), 1);
    order.push(next);
    here = next.position;
  }
  straighten(order, start);
  return order.map((site, place) => {
    const before = place === 0 ? start : (order[place - 1]?.position ?? null);
    return { site, fromBeforeM: before && distanceM(before, site.position) };
  });
}

function key(site: { position: Position }, from: Position | null): number {
  return from ? distanceM(from, site.position) : site.position.lon;
}

/** Turns a stretch of the way around wherever that makes it shorter. */
function straighten(order: { position: Position }[], start: Position | null): void {
  for (let better = true, rounds = 0; better && rounds < 20; rounds += 1) {
    better = false;
    for (let from = 0; from < order.length - 1; from += 1)
      for (let to = from + 1; to < order.length; to += 1) {
        if (gain(order, start, from, to) <= 1) continue;
        order.splice(from, to - from + 1, ...order.slice(from, to + 1).reverse());
        better = true;
      }
  }
}

function gain(order: readonly { position: Position }[], start: Position | null, from: number, to: number): number {
  const at = (place: number) => (place < 0 ? start : (order[place]?.position ?? null));
  const between = (one: Position | null, other: Position | null) => (one && other ? distanceM(one, other) : 0);
  const now = between(at(from - 1), at(from)) + between(at(to), at(to + 1));
  return now - between(at(from - 1), at(to)) - between(at(from), at(to + 1));
}
