// Where the rings of townships stand: each at its township, neighbours giving way to each other a little, and where that is not enough,
// growing smaller. Pure, and the same for the same input, so that nothing trembles while the map moves.

export interface RingWish {
  /** Where it would stand, in pixels. */
  x: number;
  y: number;
  /** What it takes to each side, above and below, at full size. */
  aside: number;
  above: number;
  below: number;
}

export interface RingPlace {
  /** Moved by so many pixels. */
  dx: number;
  dy: number;
  /** 1 for full size. */
  scale: number;
}

const ROUNDS = 24;
const GAP_PX = 2;
/** How far a ring may move from its place, as a share of its own size. */
const LEEWAY = 0.9;
const SCALES = [1, 0.88, 0.76, 0.66];

export function layRings(wishes: readonly RingWish[]): RingPlace[] {
  let places: RingPlace[] = [];
  for (const scale of SCALES) {
    places = wishes.map(() => ({ dx: 0, dy: 0, scale }));
    for (let round = 0; round < ROUNDS; round += 1) {
      if (!partOnce(wishes, places)) return places;
    }
  }
  return places;
}

/** Moves every overlapping pair apart; false when there was none. */
function partOnce(wishes: readonly RingWish[], places: RingPlace[]): boolean {
  let overlapping = false;
  for (let one = 0; one < wishes.length; one += 1) {
    for (let other = one + 1; other < wishes.length; other += 1) {
      if (part(wishes, places, one, other)) overlapping = true;
    }
  }
  return overlapping;
}

function part(wishes: readonly RingWish[], places: RingPlace[], one: number, other: number): boolean {
  const [a, b] = [wishes[one], wishes[other]];
  const [p, q] = [places[one], places[other]];
  if (!a || !b || !p || !q) return false;
  const [ax, bx] = [a.x + p.dx, b.x + q.dx];
  const across = (a.aside + b.aside) * p.scale + GAP_PX - Math.abs(ax - bx);
  const [ay, by] = [a.y + p.dy, b.y + q.dy];
  const between = ay < by ? a.below + b.above : b.below + a.above;
  const down = between * p.scale + GAP_PX - Math.abs(ay - by);
  if (across <= 0 || down <= 0) return false;
  if (across < down) {
    const push = (ax <= bx ? -1 : 1) * (across / 2);
    p.dx = within(p.dx + push, a.aside * LEEWAY);
    q.dx = within(q.dx - push, b.aside * LEEWAY);
  } else {
    const push = (ay <= by ? -1 : 1) * (down / 2);
    p.dy = within(p.dy + push, a.above * LEEWAY);
    q.dy = within(q.dy - push, b.above * LEEWAY);
  }
  return true;
}

function within(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
