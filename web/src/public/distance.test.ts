import { expect, it } from 'vitest';
import { distanceWords, metresBetween } from './distance';

it('a hundredth of a degree of latitude is 1112 metres, of longitude less', () => {
  expect(metresBetween({ lon: 120, lat: 30 }, { lon: 120, lat: 30.01 })).toBeCloseTo(1112, 0);
  expect(metresBetween({ lon: 120, lat: 30 }, { lon: 120.01, lat: 30 })).toBeCloseTo(963, 0);
  expect(metresBetween({ lon: 120, lat: 30 }, { lon: 120, lat: 30 })).toBe(0);
});

it.each([
  [3, '10 米'],
  [344, '340 米'],
  [994, '990 米'],
  [996, '1.0 公里'],
  [1260, '1.3 公里'],
  [46_200, '46 公里'],
])('%d metres are said as %s', (metres, words) => {
  expect(distanceWords(metres)).toBe(words);
});
