// Outlines as they stand and as they would be, laid over the county's own drawing while an import of boundaries is looked at.
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { Area, ImportOutline } from '../api/wire';
import type { Bounds } from './fitting';
import { PALETTE } from './palette';

const BEFORE = 'outlines-before';
const AFTER = 'outlines-after';

interface AreaFeatures {
  type: 'FeatureCollection';
  features: { type: 'Feature'; geometry: Area; properties: Record<string, never> }[];
}

function features(areas: readonly (Area | null)[]): AreaFeatures {
  const drawn = areas.filter((area) => area !== null);
  return {
    type: 'FeatureCollection',
    features: drawn.map((geometry) => ({ type: 'Feature', geometry, properties: {} })),
  };
}

/** The box around some outlines; null without any. */
export function boundsOf(outlines: readonly ImportOutline[]): Bounds | null {
  const places = outlines
    .flatMap(({ before, after }) => [...(before?.coordinates ?? []), ...after.coordinates])
    .flat(2) as [number, number][];
  if (places.length === 0) return null;
  const start: Bounds = [180, 90, -180, -90];
  return places.reduce<Bounds>(
    ([west, south, east, north], [lon, lat]) => [
      Math.min(west, lon),
      Math.min(south, lat),
      Math.max(east, lon),
      Math.max(north, lat),
    ],
    start,
  );
}

/** Draws what stands dashed and what would be solid; called again, it draws others in their place. */
export function drawOutlines(map: MapLibreMap, outlines: readonly ImportOutline[]): void {
  const before = features(outlines.map((outline) => outline.before));
  const after = features(outlines.map((outline) => outline.after));
  if (map.getSource(AFTER)) {
    void map.getSource<GeoJSONSource>(BEFORE)?.setData(before);
    void map.getSource<GeoJSONSource>(AFTER)?.setData(after);
    return;
  }
  map.addSource(BEFORE, { type: 'geojson', data: before });
  map.addSource(AFTER, { type: 'geojson', data: after });
  map.addLayer({
    id: `${AFTER}-fill`,
    type: 'fill',
    source: AFTER,
    paint: { 'fill-color': PALETTE.ink, 'fill-opacity': 0.08 },
  });
  map.addLayer({ id: AFTER, type: 'line', source: AFTER, paint: { 'line-color': PALETTE.ink, 'line-width': 3 } });
  map.addLayer({
    id: BEFORE,
    type: 'line',
    source: BEFORE,
    paint: { 'line-color': PALETTE.not_started, 'line-width': 2.5, 'line-dasharray': [2, 2] },
  });
}
