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

const BASE = { attribution: '天地图', min_zoom: 1, max_zoom: 18, opacity: 0.6 };
const TIANDITU = { ...BASE, kind: 'tianditu', form: 'raster', layers: ['vec_w'], label_layers: ['cva_w'] } as const;
const ARCHIVE = { ...BASE, kind: 'pmtiles', form: 'vector', layers: ['pmtiles'], label_layers: [] } as const;

function over(basemap: typeof TIANDITU | typeof ARCHIVE) {
  const view = { ...basemap, layers: [...basemap.layers], label_layers: [...basemap.label_layers] };
  return countyStyle({
    origin: 'http://localhost',
    bounds: [119.6, 30.3, 120.3, 30.8],
    textScale: 1,
    pinsFrom: 10.4,
    basemap: view,
  });
}

it('a base map lies under the county and asks nothing of a foreign host', () => {
  for (const basemap of [TIANDITU, ARCHIVE]) {
    const style = over(basemap);
    expect(validateStyleMin(style)).toEqual([]);
    const order = style.layers.map((layer) => layer.id);
    const firstOfOurs = order.indexOf('county-veil');
    expect(order.slice(1, firstOfOurs).every((id) => id.startsWith('basemap-'))).toBe(true);
    expect(order).not.toContain('county-fill');
    const addresses = JSON.stringify(style).match(/https?:\/\/[^/"]+/g);
    expect(new Set(addresses)).toEqual(new Set(['http://localhost']));
  }
});

it('names are written once: ours, or those in the base map’s pictures', () => {
  const ids = (style: ReturnType<typeof over>) => style.layers.map((layer) => layer.id);
  expect(ids(over(TIANDITU))).toContain('basemap-cva_w');
  expect(ids(over(TIANDITU))).not.toContain('township-labels');
  const archive = ids(over(ARCHIVE));
  expect(archive.indexOf('basemap-places')).toBeLessThan(archive.indexOf('township-labels'));
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
