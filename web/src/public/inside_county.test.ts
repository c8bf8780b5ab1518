import { expect, it } from 'vitest';
import { liesIn } from './inside_county';

it('a place in any township’s box is inside, one between them is not', () => {
  const boxes = [
    [119.9, 30.4, 120.0, 30.5],
    [120.1, 30.5, 120.2, 30.6],
  ] as const;
  expect(liesIn({ lon: 119.95, lat: 30.45 }, boxes)).toBe(true);
  expect(liesIn({ lon: 120.15, lat: 30.6 }, boxes)).toBe(true);
  expect(liesIn({ lon: 120.05, lat: 30.5 }, boxes)).toBe(false);
  expect(liesIn({ lon: 120.05, lat: 30.5 }, [])).toBe(false);
});
