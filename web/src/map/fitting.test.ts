import { expect, it } from 'vitest';
import { zoomToFit } from './fitting';

it('the world in its own size is zoom 0, half of it one further', () => {
  expect(zoomToFit([-180, -85.0511, 180, 85.0511], 512, 512, 0)).toBeCloseTo(0, 3);
  expect(zoomToFit([0, 0, 180, 85.0511], 512, 512, 0)).toBeCloseTo(1, 3);
});

it('the tighter side decides, and padding counts on both sides', () => {
  const county: [number, number, number, number] = [119.76, 30.36, 120.22, 30.72];
  expect(zoomToFit(county, 390, 844, 0)).toBeCloseTo(Math.log2(390 / ((0.46 / 360) * 512)), 6);
  expect(zoomToFit(county, 446, 844, 28)).toBeCloseTo(zoomToFit(county, 390, 844, 0), 6);
});
