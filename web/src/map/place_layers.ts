// The reader's own place on the map: nothing like a site.
import type { LayerSpecification } from 'maplibre-gl';
import { BOLD } from './fonts';
import { PALETTE } from './palette';

export function placeLayers(scale: number): LayerSpecification[] {
  return [
    {
      id: 'my-place',
      type: 'circle',
      source: 'place',
      paint: {
        'circle-radius': 8 * scale,
        'circle-color': PALETTE.ink,
        'circle-stroke-color': PALETTE.labelHalo,
        'circle-stroke-width': 4,
      },
    },
    {
      id: 'my-place-label',
      type: 'symbol',
      source: 'place',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [BOLD],
        'text-size': 13 * scale,
        'text-anchor': 'top',
        'text-offset': [0, 1],
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { 'text-color': PALETTE.ink, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 2 },
    },
  ];
}
