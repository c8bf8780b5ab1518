import { expect, it } from 'vitest';
import { bd09, gcj02 } from './datum';

/** The fixed points of the server's own conversion. */
const GCJ: [number, number, number, number][] = [
  [116.404, 39.915, 116.4102445, 39.9164043],
  [121.5272106, 31.1774276, 121.5315419, 31.175304],
  [113.912316, 22.543847, 113.9171765, 22.5407961],
  [116.377817, 39.911954, 116.3840472, 39.9133455],
];

it('shifts a place as AMap and Tencent do, to less than a metre', () => {
  for (const [lon, lat, toLon, toLat] of GCJ) {
    const shifted = gcj02({ lon, lat });
    expect(Math.abs(shifted.lon - toLon)).toBeLessThan(1e-6);
    expect(Math.abs(shifted.lat - toLat)).toBeLessThan(1e-6);
  }
});

it('shifts it once more for Baidu', () => {
  const shifted = bd09({ lon: 116.403988, lat: 39.914266 });
  expect(shifted.lon).toBeCloseTo(116.4166156, 5);
  expect(shifted.lat).toBeCloseTo(39.9219658, 5);
});
