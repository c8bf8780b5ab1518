import { expect, it } from 'vitest';
import { NO_FILTERS } from './filters';
import { readView, type View, viewAddress } from './view';

const read = (address: string) => readView(new URL(address, 'http://localhost'));

const plain: View = {
  shown: 'map',
  site: null,
  filters: NO_FILTERS,
  stations: false,
  gridCells: false,
  camera: null,
  month: null,
  figures: '',
};

it.each<[string, View]>([
  ['/', plain],
  ['/list', { ...plain, shown: 'list' }],
  ['/sites/2026-01-003', { ...plain, site: '2026-01-003' }],
  ['/sites/A%2F1?shown=list', { ...plain, site: 'A/1', shown: 'list' }],
  ['/figures', { ...plain, shown: 'figures' }],
  ['/figures?month=2026-09&by=unit', { ...plain, shown: 'figures', figures: 'month=2026-09&by=unit' }],
  [
    '/?stage=not_started&overdue=true&mark=stale&project=3&region=339901002&unit=4&q=%E5%85%AC%E8%B7%AF&month=2026-09&layers=stations,grid_cells&at=119.98000,30.55000,11.25',
    {
      ...plain,
      filters: {
        stage: 'not_started',
        overdue: true,
        mark: 'stale',
        project: 3,
        region: '339901002',
        unit: 4,
        q: '公路',
      },
      month: '2026-09',
      stations: true,
      gridCells: true,
      camera: { lon: 119.98, lat: 30.55, zoom: 11.25 },
    },
  ],
])('%s is the address of one view', (address, view) => {
  expect(read(address)).toEqual(view);
  expect(viewAddress(view)).toBe(address);
});

it('still leads from the former address of the projects to the figures', () => {
  expect(read('/?shown=projects')).toEqual({ ...plain, shown: 'figures' });
});

it('leaves out what it does not understand', () => {
  expect(read('/?stage=green&mark=new&project=x&region=abc&unit=-1&at=1,2&layers=moon&month=2026-13')).toEqual(plain);
  expect(read('/?at=,,&project=1e3&month=now&unknown=1')).toEqual(plain);
  expect(read('/sites/%E0%A4%A')).toEqual({ ...plain, site: '%E0%A4%A' });
});
