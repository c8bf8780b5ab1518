import { expect, it } from 'vitest';
import { metresBetween, numbersOf, writtenAt } from './written';

it('sends numbers and nothing that only looks like them', () => {
  expect(numbersOf(writtenAt({ lon: 120.1, lat: 30.2 }))).toEqual({ lon: 120.1, lat: 30.2, datum: 'wgs84' });
  expect(numbersOf({ lon: ' 120.1 ', lat: '30.2', datum: 'gcj02' })).toEqual({ lon: 120.1, lat: 30.2, datum: 'gcj02' });
  for (const lon of ['', ' ', '东经120', 'NaN', 'Infinity', '120,1'])
    expect(numbersOf({ lon, lat: '30', datum: 'wgs84' }), lon).toBeNull();
});

it('measures a short way in metres', () => {
  expect(metresBetween({ lon: 120, lat: 30 }, { lon: 120, lat: 30.001 })).toBe(111);
  expect(metresBetween({ lon: 120, lat: 30 }, { lon: 120.001, lat: 30 })).toBe(96);
});
