import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, it } from 'vitest';
import { countyStyle, zoomOfOneTile } from './style';

it('the style is valid: one faulty expression would leave the map blank', () => {
  const style = countyStyle({
    origin: 'http://localhost',
    bounds: [119.6, 30.3, 120.3, 30.8],
    textScale: 1.375,
    pinsFrom: 10.4,
  });
  expect(validateStyleMin(style)).toEqual([]);
});

it('asks nothing of a foreign host', () => {
  const style = countyStyle({
    origin: 'http://localhost',
    bounds: [119.6, 30.3, 120.3, 30.8],
    textScale: 1,
    pinsFrom: 10.4,
  });
  const addresses = JSON.stringify(style).match(/https?:\/\/[^/"]+/g);
  expect(new Set(addresses)).toEqual(new Set(['http://localhost']));
  expect(style.glyphs).toBeUndefined();
  expect(style.sprite).toBeUndefined();
});

it('finds the zoom at which an area lies in one tile', () => {
  expect(zoomOfOneTile([0.1, 0.1, 0.2, 0.2])).toBe(10);
  expect(zoomOfOneTile([-1, -1, 1, 1])).toBe(0);
});
