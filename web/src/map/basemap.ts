// What lies under the county's own drawing when the operator has configured a base map: pictures, or vector tiles in Protomaps' layers drawn
// in our own few colours. It stays pale, so that pins and outlines remain what is seen first. Boundaries come from the county alone.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { BasemapView } from '../api/wire';
import { FONT } from './fonts';
import { PALETTE } from './palette';

export interface BasemapStyle {
  sources: StyleSpecification['sources'];
  /** Drawn first. */
  ground: LayerSpecification[];
  /** Drawn under the county's own names, which they give way to. */
  labels: LayerSpecification[];
  /** The base map writes names of its own into its pictures: ours would lie on top of them. */
  writesNames: boolean;
}

/** The base map's part of the style. `labelsFrom` is the zoom from which names may show: below it the townships' rings carry them. */
export function basemapStyle(
  basemap: BasemapView,
  origin: string,
  labelsFrom: number,
  textScale: number,
): BasemapStyle {
  const source = (layer: string): SourceSpecification => {
    const tiles = [`${origin}/basemap/${layer}/{z}/{x}/{y}`];
    const zooms = { minzoom: basemap.min_zoom, maxzoom: basemap.max_zoom };
    return basemap.form === 'vector'
      ? { type: 'vector', tiles, ...zooms }
      : { type: 'raster', tiles, tileSize: 256, ...zooms };
  };
  const all = [...basemap.layers, ...basemap.label_layers];
  const sources = Object.fromEntries(all.map((layer) => [`basemap-${layer}`, source(layer)]));
  const [first = ''] = basemap.layers;
  if (basemap.form === 'vector') {
    const id = `basemap-${first}`;
    return {
      sources,
      ground: vectorGround(id, basemap.opacity),
      labels: vectorLabels(id, labelsFrom, textScale),
      writesNames: false,
    };
  }
  const picture = (layer: string): LayerSpecification => ({
    id: `basemap-${layer}`,
    type: 'raster',
    source: `basemap-${layer}`,
    paint: { 'raster-opacity': basemap.opacity, 'raster-fade-duration': 0 },
  });
  return {
    sources,
    ground: basemap.layers.map(picture),
    labels: basemap.label_layers.map((layer) => ({ ...picture(layer), minzoom: labelsFrom })),
    writesNames: basemap.label_layers.length > 0,
  };
}

function vectorGround(source: string, opacity: number): LayerSpecification[] {
  const green = ['park', 'forest', 'wood', 'nature_reserve', 'grass', 'grassland', 'farmland', 'scrub', 'golf_course'];
  return [
    {
      id: 'basemap-earth',
      type: 'fill',
      source,
      'source-layer': 'earth',
      paint: { 'fill-color': PALETTE.county, 'fill-opacity': opacity },
    },
    {
      id: 'basemap-landuse',
      type: 'fill',
      source,
      'source-layer': 'landuse',
      filter: ['in', ['get', 'kind'], ['literal', green]],
      paint: { 'fill-color': PALETTE.green, 'fill-opacity': opacity },
    },
    {
      id: 'basemap-water',
      type: 'fill',
      source,
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': PALETTE.lake, 'fill-opacity': opacity },
    },
    {
      id: 'basemap-streams',
      type: 'line',
      source,
      'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: {
        'line-color': PALETTE.river,
        'line-opacity': opacity,
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.6, 14, 3],
      },
    },
    {
      id: 'basemap-roads',
      type: 'line',
      source,
      'source-layer': 'roads',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': PALETTE.road,
        'line-opacity': opacity,
        'line-width': [
          'interpolate',
          ['exponential', 1.6],
          ['zoom'],
          8,
          ['match', ['get', 'kind'], 'highway', 1.4, 'major_road', 0.8, 0],
          13,
          ['match', ['get', 'kind'], 'highway', 4, 'major_road', 3, 'minor_road', 1.2, 0.4],
          17,
          ['match', ['get', 'kind'], 'highway', 14, 'major_road', 12, 'minor_road', 8, 3],
        ],
      },
    },
  ];
}

/** Names that give way to the county's own and to pins. */
function vectorLabels(source: string, labelsFrom: number, textScale: number): LayerSpecification[] {
  return [
    {
      id: 'basemap-places',
      type: 'symbol',
      source,
      'source-layer': 'places',
      minzoom: labelsFrom + 1,
      filter: ['in', ['get', 'kind'], ['literal', ['locality', 'neighbourhood', 'macrohood']]],
      layout: {
        'text-field': ['coalesce', ['get', 'name:zh-Hans'], ['get', 'name:zh'], ['get', 'name']],
        'text-font': [FONT],
        'text-size': 12 * textScale,
        'text-max-width': 8,
        'text-padding': 6,
      },
      paint: { 'text-color': PALETTE.gridLabel, 'text-halo-color': PALETTE.labelHalo, 'text-halo-width': 1.2 },
    },
  ];
}
