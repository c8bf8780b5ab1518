import { expect, it } from 'vitest';
import { visitsOf } from './visits';

const site = (id: string, lon: number, lat = 30) => ({ id, position: { lon, lat } });
const names = (stops: { site: { id: string } }[]) => stops.map((stop) => stop.site.id).join('');

it('goes from where the deputy is to the nearest, and on', () => {
  const stops = visitsOf([site('c', 120.3), site('a', 120.1), site('b', 120.2)], { lon: 120, lat: 30 });
  expect(names(stops)).toBe('abc');
  expect(stops[0]?.fromBeforeM).toBeGreaterThan(9000);
});

it('does not run back and forth where a round is shorter', () => {
  const ring = [
    site('n', 120, 30.1),
    site('e', 120.1),
    site('s', 120, 29.9),
    site('f', 120.1, 30.1),
    site('g', 120.1, 29.9),
  ];
  expect(names(visitsOf(ring, { lon: 119.99, lat: 30.12 }))).toBe('nfegs');
});

it('begins in the west when nobody knows where the deputy is', () => {
  const stops = visitsOf([site('b', 120.2), site('a', 120.1)], null);
  expect([names(stops), stops[0]?.fromBeforeM]).toEqual(['ab', null]);
  expect(visitsOf([], null)).toEqual([]);
});
