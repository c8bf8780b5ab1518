import { expect, it } from 'vitest';
import { layRings, type RingPlace, type RingWish } from './ring_layout';

const ring = (x: number, y: number): RingWish => ({ x, y, aside: 30, above: 26, below: 44 });

function overlap(wishes: RingWish[], places: RingPlace[]): number {
  let most = 0;
  wishes.forEach((a, one) => {
    wishes.forEach((b, other) => {
      const [p, q] = [places[one], places[other]];
      if (one >= other || !p || !q) return;
      const across = (a.aside + b.aside) * p.scale - Math.abs(a.x + p.dx - b.x - q.dx);
      const [ay, by] = [a.y + p.dy, b.y + q.dy];
      const down = (ay < by ? a.below + b.above : b.below + a.above) * p.scale - Math.abs(ay - by);
      most = Math.max(most, Math.min(across, down));
    });
  });
  return most;
}

it('leaves rings that have room where they are', () => {
  expect(layRings([ring(0, 0), ring(200, 0)])).toEqual([
    { dx: 0, dy: 0, scale: 1 },
    { dx: 0, dy: 0, scale: 1 },
  ]);
});

it('moves neighbours apart', () => {
  const wishes = [ring(0, 0), ring(48, 10)];
  const places = layRings(wishes);
  expect(overlap(wishes, places)).toBeLessThanOrEqual(0.5);
  expect(places[0]?.dx).toBeLessThan(0);
  expect(places[1]?.dx).toBeGreaterThan(0);
});

it('makes rings smaller where moving is not enough', () => {
  const wishes = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => ring((at % 3) * 50, Math.floor(at / 3) * 56));
  const places = layRings(wishes);
  expect(places[0]?.scale).toBeLessThan(1);
  expect(overlap(wishes, places)).toBeLessThan(6);
});

it('is the same for the same input', () => {
  const wishes = [ring(0, 0), ring(20, 20), ring(40, 5)];
  expect(layRings(wishes)).toEqual(layRings(wishes));
});
