import { expect, it } from 'vitest';
import { arcsOf } from './ring_arcs';

it('one stage alone is a whole ring', () => {
  expect(arcsOf({ completed: 4, in_progress: 0, not_started: 0 })).toEqual([
    { stage: 'completed', from: 0, to: 2 * Math.PI },
  ]);
});

it('bands follow each other in the order of the stages and fill the ring', () => {
  const arcs = arcsOf({ completed: 2, in_progress: 1, not_started: 1 });
  expect(arcs.map((arc) => arc.stage)).toEqual(['completed', 'in_progress', 'not_started']);
  expect(arcs[0]?.to).toBeCloseTo(Math.PI - 0.05, 6);
  expect(arcs[2]?.to).toBeCloseTo(2 * Math.PI - 0.05, 6);
});

it('a single red site among many is still seen', () => {
  const red = arcsOf({ completed: 200, in_progress: 0, not_started: 1 })[1];
  expect((red?.to ?? 0) - (red?.from ?? 0)).toBeGreaterThan(0.2);
});

it('nothing has no bands', () => {
  expect(arcsOf({ completed: 0, in_progress: 0, not_started: 0 })).toEqual([]);
});
