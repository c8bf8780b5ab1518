// The map's style, as data: the county's own polygons from our vector tiles, sites from the page. No glyph server and no sprite: labels are
// drawn from the reader's own fonts, pictures by pin_art. One faulty expression would reject the whole style, so a test validates it.
import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
  VariableAnchorOffsetCollectionSpecification,
} from 'maplibre-gl';
import type { BasemapView } from '../api/wire';
import { basemapStyle } from './basemap';
import { BOLD, FONT } from './fonts';
import { PALETTE } from './palette';
import { placeLayers } from './place_layers';

/** Above this zoom every site is drawn by itself; below it only those that would cover each other are drawn as one. */
const LAST_CLUSTERED_ZOOM = 12;
const CLUSTER_RADIUS_PX = 22;
/** Rings of townships give way to pins within so many zooms. */
const SWITCH_ZOOMS = 0.1;
const TILES_TO_ZOOM = 14;

/** Where a township's name may stand, in ems from the middle of its area: the first place that no pin takes. */
const NAME_PLACES: VariableAnchorOffsetCollectionSpecification = [
  ...['center', [0, 0], 'center', [0, 1.4], 'center', [0, -1.4]],
  ...['center', [2.4, 0.7], 'center', [-2.4, 0.7], 'center', [2.4, -0.7], 'center', [-2.4, -0.7]],
  ...['center', [0, 2.8], 'center', [0, -2.8], 'center', [2.4, 2.1], 'center', [-2.4, 2.1], 'center', [2.4, -2.1]],
  ...['center', [-2.4, -2.1], 'center', [4.2, 0], 'center', [-4.2, 0]],
] as VariableAnchorOffsetCollectionSpecification;

export const LAYERS = {
  pins: 'site-pins',
  clusters: 'site-clusters',
  stations: 'stations',
  gridCells: ['grid-cell-lines', 'grid-cell-labels'],
  /** What appears where the townships' rings, which carry the names, give way. */
  belowRings: ['site-clusters', 'site-pins', 'township-labels', 'water-labels'],
} as const;

export interface StyleOptions {
  /** Where the tiles come from: the page's own origin. */
  origin: string;
  bounds: [number, number, number, number];
  /** Text size relative to the normal one; 大字版 has 1.375. */
  textScale: number;
  /** From this zoom on there are pins; below it the townships' rings. */
  pinsFrom: number;
  /** What lies under the county's own drawing. */
  basemap?: BasemapView | null;
}

/** Pins come as rings go, within a small part of a zoom. */
export function fadeIn(pinsFrom: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], pinsFrom - SWITCH_ZOOMS, 0, pinsFrom + SWITCH_ZOOMS, 1];
}

export function countyStyle(options: StyleOptions): StyleSpecification {
  const scale = options.textScale;
  const { basemap, pinsFrom } = options;
  const under = basemap ? basemapStyle(basemap, options.origin, pinsFrom, scale) : null;
  return {
    version: 8,
    sources: { ...sources(options), ...under?.sources },
    layers: [
      SURROUND,
      ...(under ? [...under.ground, ...veilLayers()] : groundLayers()),
      ...gridLayers(scale),
      ...outlineLayers(),
      ...(under?.labels ?? []),
      ...(under?.writesNames ? [] : labelLayers(scale, pinsFrom)),
      ...siteLayers(scale, options.pinsFrom),
      ...placeLayers(scale),
    ],
  };
}

function sources({ origin, bounds }: StyleOptions): StyleSpecification['sources'] {
  const tiles = (layers: string) => [`${origin}/tiles/${layers}/{z}/{x}/{y}`];
  const labelZoom = zoomOfOneTile(bounds);
  const stageCount = (stage: string): ExpressionSpecification => ['+', ['case', ['==', ['get', 'stage'], stage], 1, 0]];
  return {
    ground: { type: 'vector', tiles: tiles('regions,waters'), bounds, maxzoom: TILES_TO_ZOOM },
    labels: { type: 'vector', tiles: tiles('regions,waters'), bounds, minzoom: labelZoom, maxzoom: labelZoom },
    grid_cells: { type: 'vector', tiles: tiles('grid_cells'), bounds, maxzoom: TILES_TO_ZOOM },
    stations: { type: 'vector', tiles: tiles('stations'), bounds, maxzoom: TILES_TO_ZOOM },
    sites: {
      type: 'geojson',
      data: { type: 'FeatureCollection', features: [] },
      cluster: true,
      clusterMaxZoom: LAST_CLUSTERED_ZOOM,
      clusterRadius: CLUSTER_RADIUS_PX,
      clusterProperties: {
        completed: stageCount('completed'),
        in_progress: stageCount('in_progress'),
        not_started: stageCount('not_started'),
        overdue: ['+', ['get', 'overdue']],
      },
    },
    selected: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    place: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
  };
}

/**
 * The deepest zoom at which the whole area lies in one tile. Names of areas are taken from that one tile, where each polygon is whole and
 * so is named once; from deeper tiles each piece would be named again.
 */
export function zoomOfOneTile([west, south, east, north]: [number, number, number, number]): number {
  for (let zoom = 10; zoom > 0; zoom -= 1) {
    const [left, top] = tileAt(west, north, zoom);
    const [right, bottom] = tileAt(east, south, zoom);
    if (left === right && top === bottom) return zoom;
  }
  return 0;
}

function tileAt(lon: number, lat: number, zoom: number): [number, number] {
  const count = 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [Math.floor(((lon + 180) / 360) * count), Math.floor(y * count)];
}

const SURROUND: LayerSpecification = {
  id: 'surround',
  type: 'background',
  paint: { 'background-color': PALETTE.surround },
};

/** The county over a base map: only what tells its land from its neighbours'. */
function veilLayers(): LayerSpecification[] {
  return [
    {
      id: 'county-veil',
      type: 'fill',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'county'],
      paint: { 'fill-color': PALETTE.county, 'fill-opacity': 0.25 },
    },
  ];
}

function groundLayers(): LayerSpecification[] {
  const [first, second, third, fourth] = PALETTE.townshipTints;
  return [
    {
      id: 'county-glow',
      type: 'line',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'county'],
      paint: { 'line-color': PALETTE.countyGlow, 'line-width': 14, 'line-blur': 12, 'line-opacity': 0.75 },
    },
    {
      id: 'county-fill',
      type: 'fill',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'county'],
      paint: { 'fill-color': PALETTE.county },
    },
    {
      id: 'township-fill',
      type: 'fill',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'township'],
      paint: { 'fill-color': ['match', ['get', 'tint'], 0, first, 1, second, 2, third, fourth] },
    },
    {
      id: 'lakes',
      type: 'fill',
      source: 'ground',
      'source-layer': 'waters',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': PALETTE.lake, 'fill-outline-color': PALETTE.river },
    },
    {
      id: 'rivers',
      type: 'line',
      source: 'ground',
      'source-layer': 'waters',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': PALETTE.river,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.2, 11, 3.5, 14, 9],
      },
    },
  ];
}

function gridLayers(scale: number): LayerSpecification[] {
  return [
    {
      id: 'grid-cell-lines',
      type: 'line',
      source: 'grid_cells',
      'source-layer': 'grid_cells',
      layout: { visibility: 'none' },
      paint: { 'line-color': PALETTE.gridLine, 'line-width': 1, 'line-dasharray': [3, 2] },
    },
    {
      id: 'grid-cell-labels',
      type: 'symbol',
      source: 'grid_cells',
      'source-layer': 'grid_cells',
      minzoom: 12,
      layout: {
        visibility: 'none',
        'text-field': ['get', 'name'],
        'text-font': [FONT],
        'text-size': 12 * scale,
        'text-max-width': 8,
      },
      paint: { 'text-color': PALETTE.gridLabel, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 1.2 },
    },
  ];
}

function outlineLayers(): LayerSpecification[] {
  return [
    {
      id: 'township-lines',
      type: 'line',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'township'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': PALETTE.townshipLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 12, 1.6],
      },
    },
    {
      id: 'county-line',
      type: 'line',
      source: 'ground',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'county'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': PALETTE.countyLine,
        'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1.6, 12, 3],
      },
    },
  ];
}

function labelLayers(scale: number, pinsFrom: number): LayerSpecification[] {
  return [
    {
      id: 'water-labels',
      type: 'symbol',
      source: 'labels',
      'source-layer': 'waters',
      filter: ['==', ['geometry-type'], 'Polygon'],
      minzoom: pinsFrom,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [FONT],
        'text-size': 12 * scale,
        'text-letter-spacing': 0.1,
      },
      paint: { 'text-color': PALETTE.waterLabel, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 1.2 },
    },
    {
      id: 'township-labels',
      type: 'symbol',
      source: 'labels',
      'source-layer': 'regions',
      filter: ['==', ['get', 'level'], 'township'],
      minzoom: pinsFrom,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [BOLD],
        'text-size': ['interpolate', ['linear'], ['zoom'], 8, 12 * scale, 12, 16 * scale],
        'text-letter-spacing': 0.06,
        'text-variable-anchor-offset': NAME_PLACES,
        'text-padding': 1,
      },
      paint: { 'text-color': PALETTE.townshipLabel, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 1.6 },
    },
  ];
}

function siteLayers(scale: number, pinsFrom: number): LayerSpecification[] {
  return [
    {
      id: LAYERS.stations,
      type: 'symbol',
      source: 'stations',
      'source-layer': 'stations',
      layout: {
        visibility: 'none',
        'icon-image': ['concat', 'station/', ['get', 'kind']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': ['step', ['zoom'], '', 12.5, ['get', 'name']],
        'text-font': [FONT],
        'text-size': 12 * scale,
        'text-anchor': 'top',
        'text-offset': [0, 1],
        'text-optional': true,
      },
      paint: { 'text-color': PALETTE.station, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 1.4 },
    },
    {
      id: LAYERS.clusters,
      type: 'symbol',
      source: 'sites',
      filter: ['has', 'point_count'],
      minzoom: pinsFrom - SWITCH_ZOOMS,
      paint: { 'icon-opacity': fadeIn(pinsFrom) },
      layout: {
        'icon-image': [
          'concat',
          'ring/',
          ['get', 'completed'],
          '/',
          ['get', 'in_progress'],
          '/',
          ['get', 'not_started'],
          '/',
          ['get', 'overdue'],
        ],
        'icon-allow-overlap': true,
      },
    },
    {
      id: LAYERS.pins,
      type: 'symbol',
      source: 'sites',
      filter: ['!', ['has', 'point_count']],
      minzoom: pinsFrom - SWITCH_ZOOMS,
      layout: {
        'icon-image': ['get', 'pin'],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['get', 'order'],
        'text-field': ['step', ['zoom'], '', 13, ['get', 'name']],
        'text-font': [FONT],
        'text-size': 13 * scale,
        'text-anchor': 'top',
        'text-offset': [0, 1.3],
        'text-max-width': 9,
        'text-optional': true,
      },
      paint: {
        'icon-opacity': fadeIn(pinsFrom),
        'text-color': PALETTE.ink,
        'text-halo-color': PALETTE.labelHalo,
        'text-halo-width': 1.6,
      },
    },
    {
      id: 'selected-ring',
      type: 'circle',
      source: 'selected',
      paint: {
        'circle-radius': 21,
        'circle-color': PALETTE.labelHalo,
        'circle-opacity': 0.85,
        'circle-stroke-color': PALETTE.focus,
        'circle-stroke-width': 3.5,
      },
    },
    {
      id: 'selected-pin',
      type: 'symbol',
      source: 'selected',
      layout: { 'icon-image': ['get', 'pin'], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  ];
}
