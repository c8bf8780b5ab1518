import { expect, it } from 'vitest';
import { addressIn } from './map_apps';

const place = { lon: 116.404, lat: 39.915 };

it('gives each app the coordinates that it takes for its own', () => {
  expect(addressIn('amap', place, '中心幼儿园')).toBe(
    'https://uri.amap.com/navigation?to=116.410244,39.916404,%E4%B8%AD%E5%BF%83%E5%B9%BC%E5%84%BF%E5%9B%AD&mode=car&coordinate=gaode&callnative=1',
  );
  expect(addressIn('tencent', place, 'a&b')).toContain('to=a%26b&tocoord=39.916404,116.410244');
  expect(addressIn('baidu', place, 'a')).toContain('location=39.922');
  expect(addressIn('other', place, 'a')).toBe('geo:39.915000,116.404000?q=39.915000,116.404000(a)');
});
