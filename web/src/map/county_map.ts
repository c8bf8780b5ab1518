// The map itself, and the only file that speaks to MapLibre. It shows the sites it is given, says what was picked, and knows nothing of
// filters, panels or addresses. Loaded lazily: the list works before it and without it.
import './engine_gaps';
import 'maplibre-gl/dist/maplibre-gl.css';
import './pulse.css';
import {
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  Marker,
  ScaleControl,
  setWorkerCount,
  setWorkerUrl,
} from 'maplibre-gl';
import type { BasemapView, ImportOutline, Position, SiteView } from '../api/wire';
import { seenTiles } from '../service_worker/seen_tiles';
import type { Camera, Margins } from './camera';
import { type Bounds, zoomToFit } from './fitting';
import workerUrl from './map_worker?worker&url';
import { type MovablePin, movablePin } from './movable_pin';
import { boundsOf, drawOutlines } from './outlines';
import { drawPicture } from './pin_art';
import { siteFeatures } from './site_features';
import { countyStyle, fadeIn, LAYERS } from './style';
import { ringsOn, type TownshipRing } from './township_rings';

setWorkerUrl(workerUrl);
setWorkerCount(1);

export type { Camera, Margins } from './camera';
export type { MovablePin } from './movable_pin';
export type { TownshipRing } from './township_rings';

export interface MapOptions {
  container: HTMLElement;
  bounds: Bounds;
  camera: Camera | null;
  textScale: number;
  /** What lies under the county's own drawing. */
  basemap: BasemapView | null;
  /** What the map, and the townships on it, are called by assistive technology. */
  label: string;
  townshipsLabel: string;
  onReady: () => void;
  /** The map cannot go on (style refused, graphics lost): show the list instead. */
  onBroken: (reason: string) => void;
  onPick: (siteId: number) => void;
  onPickStation: (stationId: number) => void;
  onPickTownship: (code: string) => void;
  onPickNothing: () => void;
  onHover: (hover: { siteId: number; x: number; y: number } | null) => void;
  /** The reader moved the map; null when it shows the whole county again. */
  onMove: (camera: Camera | null) => void;
}

export interface CountyMap {
  setSites(sites: readonly SiteView[]): void;
  setTownships(rings: readonly TownshipRing[]): void;
  /** Shows the reader's own place under this name, and goes there when asked to. */
  setPlace(position: Position | null, name: string, go: boolean): void;
  select(site: SiteView | null): void;
  /** Sets a pin that the reader moves, named by `label`; `ondrop` hears where to. */
  letMove(at: Position, label: string, ondrop: (position: Position) => void): MovablePin;
  /** Draws the eye to a place whose colour has just changed. */
  pulse(site: SiteView): void;
  showStations(shown: boolean): void;
  showGridCells(shown: boolean): void;
  /** Brings a place into the part of the map that no panel covers. */
  reveal(site: SiteView, margins: Margins): void;
  /** Goes in so far that the area fills the map and pins take the place of rings. */
  openArea(bounds: Bounds): void;
  /** Goes where an address says; to the whole county when it says nothing. */
  lookAt(camera: Camera | null): void;
  showWhole(): void;
  zoomBy(step: number): void;
  /** Lays the outlines of an import over the map and shows them whole. */
  showOutlines(outlines: readonly ImportOutline[]): void;
  lookAtOutlines(outlines: readonly ImportOutline[]): void;
  resize(): void;
  remove(): void;
}

const PICK_SLACK_PX = 8;
const REVEAL_ZOOM = 12.2;
const EDGE_PX = 28;
/** Pins come when the county is this much larger than the window. */
const PINS_AFTER_ZOOMS = 0.7;
const AREA_EDGE_PX = 36;
const MY_PLACE_ZOOM = 12.5;
const PULSE_MS = 2400;

export function createCountyMap(options: MapOptions): CountyMap {
  let pinsFrom = pinsFromZoom(options);
  const map = openMap(options, pinsFrom);
  const rings = ringsOn(map, options.townshipsLabel, options.textScale, options.onPickTownship);
  let place: PlaceFeatures = { type: 'FeatureCollection', features: [] };
  let sites = siteFeatures([]);
  let selected = siteFeatures([]);
  let shown = { stations: false, gridCells: false };
  let styled = false;

  const source = (id: string) => map.getSource<GeoJSONSource>(id);
  const setVisible = (layer: string, on: boolean) =>
    map.setLayoutProperty(layer, 'visibility', on ? 'visible' : 'none');

  function show(): void {
    if (!styled) return;
    void source('sites')?.setData(sites);
    void source('selected')?.setData(selected);
    void source('place')?.setData(place);
    setVisible(LAYERS.stations, shown.stations);
    for (const layer of LAYERS.gridCells) setVisible(layer, shown.gridCells);
  }

  map.on('style.load', () => {
    styled = true;
    show();
  });
  const showRings = () => rings.show(map.getZoom() < pinsFrom);
  showRings();
  map.on('zoom', showRings);
  map.on('resize', () => {
    pinsFrom = pinsFromZoom(options);
    if (styled) movePins(map, pinsFrom);
    showRings();
  });
  listenToPointer(map, options);
  const told = { asked: true };

  return {
    setSites(next) {
      sites = siteFeatures(next);
      if (styled) void source('sites')?.setData(sites);
    },
    setTownships: (next) => rings.set(next),
    setPlace(position, name, go) {
      const point = position && { type: 'Point' as const, coordinates: [position.lon, position.lat] };
      place = {
        type: 'FeatureCollection',
        features: point ? [{ type: 'Feature', geometry: point, properties: { name } }] : [],
      };
      if (styled) void source('place')?.setData(place);
      if (position && go)
        map.easeTo(
          { center: [position.lon, position.lat], zoom: Math.max(map.getZoom(), MY_PLACE_ZOOM), duration: glide() },
          told,
        );
    },
    select(site) {
      selected = siteFeatures(site ? [site] : []);
      if (styled) void source('selected')?.setData(selected);
    },
    letMove: (at, label, ondrop) => movablePin(map, at, label, ondrop),
    pulse: (site) => pulse(map, site),
    showStations(on) {
      shown = { ...shown, stations: on };
      if (styled) setVisible(LAYERS.stations, on);
    },
    showGridCells(on) {
      shown = { ...shown, gridCells: on };
      if (styled) for (const layer of LAYERS.gridCells) setVisible(layer, on);
    },
    reveal: (site, margins) => reveal(map, site, margins),
    openArea(bounds) {
      const camera = map.cameraForBounds(bounds, { padding: AREA_EDGE_PX });
      const zoom = Math.max(camera?.zoom ?? 0, pinsFrom + 0.3);
      map.easeTo({ center: camera?.center ?? map.getCenter(), zoom, duration: glide() }, told);
    },
    lookAt(camera) {
      if (camera) map.easeTo({ center: [camera.lon, camera.lat], zoom: camera.zoom, duration: glide() });
      else map.fitBounds(options.bounds, { padding: EDGE_PX, duration: glide() });
    },
    showWhole() {
      map.fitBounds(options.bounds, { padding: EDGE_PX, duration: glide() });
      options.onMove(null);
    },
    zoomBy: (step) => void map.easeTo({ zoom: map.getZoom() + step, duration: glide() / 2 }, told),
    showOutlines(outlines) {
      drawOutlines(map, outlines);
      lookAtOutlines(map, outlines);
    },
    lookAtOutlines: (outlines) => lookAtOutlines(map, outlines),
    resize: () => void map.resize(),
    remove() {
      rings.remove();
      map.remove();
    },
  };
}

function lookAtOutlines(map: MapLibreMap, outlines: readonly ImportOutline[]): void {
  const bounds = boundsOf(outlines);
  if (bounds) map.fitBounds(bounds, { padding: EDGE_PX, duration: glide() });
}

interface PlaceFeatures {
  type: 'FeatureCollection';
  features: { type: 'Feature'; geometry: { type: 'Point'; coordinates: number[] }; properties: { name: string } }[];
}

/** The zoom from which there are pins: a little further in than the whole county. */
function pinsFromZoom({ container, bounds }: MapOptions): number {
  return zoomToFit(bounds, container.clientWidth, container.clientHeight, EDGE_PX) + PINS_AFTER_ZOOMS;
}

function movePins(map: MapLibreMap, pinsFrom: number): void {
  for (const layer of LAYERS.belowRings.filter((layer) => map.getLayer(layer)))
    map.setLayerZoomRange(layer, pinsFrom - 0.1, 24);
  for (const layer of [LAYERS.pins, LAYERS.clusters]) map.setPaintProperty(layer, 'icon-opacity', fadeIn(pinsFrom));
}

function openMap(options: MapOptions, pinsFrom: number): MapLibreMap {
  const [west, south, east, north] = options.bounds;
  const [width, height] = [east - west, north - south];
  const { camera } = options;
  const map = new MapLibreMap({
    container: options.container,
    style: countyStyle({
      origin: location.origin,
      bounds: options.bounds,
      textScale: options.textScale,
      pinsFrom,
      basemap: options.basemap,
    }),
    ...(camera
      ? { center: [camera.lon, camera.lat], zoom: camera.zoom }
      : { bounds: options.bounds, fitBoundsOptions: { padding: EDGE_PX } }),
    maxBounds: [west - 2 * width, south - 2 * height, east + 2 * width, north + 2 * height],
    maxZoom: 17.5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    // Areas are named once each from one overscaled tile; a split tile would name each piece.
    zoomLevelsToOverscale: 30,
    canvasContextAttributes: { powerPreference: 'low-power' },
    locale: { 'Map.Title': options.label },
    transformRequest: (url, kind) => {
      if (kind === 'Tile') seenTiles.add(url);
      return { url };
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-right');
  const ratio = Math.max(2, Math.ceil(devicePixelRatio));
  const signScale = 1 + (options.textScale - 1) * 0.7;
  map.setMissingStyleImageResolver((name) => {
    const picture = drawPicture(name, ratio * signScale);
    if (picture && !map.hasImage(name)) map.addImage(name, picture, { pixelRatio: ratio });
  });
  map.once('idle', options.onReady);
  map.on('webglcontextlost', () => options.onBroken('graphics lost'));
  map.on('error', (event) => {
    if (!map.isStyleLoaded() && !('sourceId' in event)) options.onBroken(event.error.message);
  });
  map.on('moveend', (event) => {
    if (!event.originalEvent && !('asked' in event)) return;
    const { lng, lat } = map.getCenter();
    options.onMove({ lon: lng, lat, zoom: map.getZoom() });
  });
  return map;
}

function listenToPointer(map: MapLibreMap, options: MapOptions): void {
  map.on('click', (event) => {
    const near = nearest(map, event, PICK_SLACK_PX);
    if (!near) return options.onPickNothing();
    if (near.layer === LAYERS.clusters) return void openCluster(map, near.id, near.position);
    if (near.layer === LAYERS.stations) return options.onPickStation(near.id);
    return options.onPick(near.id);
  });
  map.on('mousemove', (event) => {
    const near = nearest(map, event, 0);
    map.getCanvas().style.cursor = near ? 'pointer' : '';
    options.onHover(near?.layer === LAYERS.pins ? { siteId: near.id, x: event.point.x, y: event.point.y } : null);
  });
  map.on('mouseout', () => options.onHover(null));
  map.on('movestart', () => options.onHover(null));
}

interface Near {
  id: number;
  layer: string;
  position: [number, number];
}

/** The sign nearest to a click, a little slack allowed; pins before clusters before stations, as they are drawn. */
function nearest(map: MapLibreMap, event: MapMouseEvent, slack: number): Near | null {
  const { x, y } = event.point;
  const box: [[number, number], [number, number]] = [
    [x - slack, y - slack],
    [x + slack, y + slack],
  ];
  const layers = [LAYERS.pins, LAYERS.clusters, LAYERS.stations].filter((layer) => map.getLayer(layer));
  const [found] = map.queryRenderedFeatures(box, { layers });
  if (found?.geometry.type !== 'Point') return null;
  const id = found.properties['cluster'] ? Number(found.properties['cluster_id']) : Number(found.id);
  const [lon = 0, lat = 0] = found.geometry.coordinates;
  return { id, layer: found.layer.id, position: [lon, lat] };
}

async function openCluster(map: MapLibreMap, id: number, position: [number, number]): Promise<void> {
  const zoom = await map.getSource<GeoJSONSource>('sites')?.getClusterExpansionZoom(id);
  map.easeTo({ center: position, zoom: (zoom ?? map.getZoom() + 1) + 0.2, duration: glide() });
}

function reveal(map: MapLibreMap, site: SiteView, margins: Margins): void {
  const { lon, lat } = site.position;
  const at = map.project([lon, lat]);
  const { clientWidth, clientHeight } = map.getContainer();
  const free =
    at.x > margins.left + EDGE_PX &&
    at.x < clientWidth - margins.right - EDGE_PX &&
    at.y > margins.top + EDGE_PX &&
    at.y < clientHeight - margins.bottom - EDGE_PX;
  if (free && map.getZoom() >= REVEAL_ZOOM) return;
  map.easeTo({
    center: [lon, lat],
    zoom: Math.max(map.getZoom(), REVEAL_ZOOM),
    offset: [(margins.left - margins.right) / 2, (margins.top - margins.bottom) / 2],
    duration: glide(),
  });
}

function pulse(map: MapLibreMap, site: SiteView): void {
  const element = document.createElement('span');
  element.className = `map-pulse ${site.stage}`;
  const marker = new Marker({ element }).setLngLat([site.position.lon, site.position.lat]).addTo(map);
  setTimeout(() => marker.remove(), PULSE_MS);
}

function glide(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 600;
}
