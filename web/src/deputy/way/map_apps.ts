// The map apps people have, and the address that opens a place in each, in the coordinates which that app takes for its own.
import type { Position } from '../../api/wire';
import { bd09, gcj02 } from './datum';

export type MapApp = 'amap' | 'tencent' | 'baidu' | 'other';
export const MAP_APPS: readonly MapApp[] = ['amap', 'tencent', 'baidu', 'other'];

const digits = (degrees: number) => degrees.toFixed(6);

/** Opens the way to a place, by name. `other` is whatever the phone has for `geo:`. */
export function addressIn(app: MapApp, place: Position, name: string): string {
  const words = encodeURIComponent(name);
  const { lon, lat } = app === 'baidu' ? bd09(place) : app === 'other' ? place : gcj02(place);
  const [east, north] = [digits(lon), digits(lat)];
  switch (app) {
    case 'amap':
      return `https://uri.amap.com/navigation?to=${east},${north},${words}&mode=car&coordinate=gaode&callnative=1`;
    case 'tencent':
      return `https://apis.map.qq.com/uri/v1/routeplan?type=drive&to=${words}&tocoord=${north},${east}&referer=minsheng-map`;
    case 'baidu':
      return `https://api.map.baidu.com/marker?location=${north},${east}&title=${words}&content=${words}&output=html&coord_type=bd09ll&src=minsheng-map`;
    case 'other':
      return `geo:${north},${east}?q=${north},${east}(${words})`;
  }
}
