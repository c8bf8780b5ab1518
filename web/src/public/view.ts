// What the visitor is looking at, as an address: path, filters, layers and place on the map. Pure; `view_state` keeps it in the browser.
import type { Stage } from '../api/wire';
import type { Camera } from '../map/camera';
import { MARK_FILTERS, NO_FILTERS, type SiteFilters } from './filters';

export type Shown = 'map' | 'list' | 'figures';

export interface View {
  shown: Shown;
  /** The code of the site whose story is open. */
  site: string | null;
  filters: SiteFilters;
  stations: boolean;
  gridCells: boolean;
  camera: Camera | null;
  /** The past month shown, such as `2026-09`; null for now. */
  month: string | null;
  /** What the figures show, as its own part of the page writes and reads it. */
  figures: string;
}

const FIGURES = '/figures';
const STAGES: readonly string[] = ['completed', 'in_progress', 'not_started'] satisfies Stage[];

/** The view an address asks for; what it does not understand it leaves out. */
export function readView(address: { pathname: string; search: string }): View {
  const query = new URLSearchParams(address.search);
  const site = /^\/sites\/([^/]+)$/.exec(address.pathname)?.[1];
  const stage = query.get('stage') ?? '';
  const layers = (query.get('layers') ?? '').split(',');
  return {
    shown: readShown(address.pathname, query.get('shown')),
    site: site ? decoded(site) : null,
    filters: {
      ...NO_FILTERS,
      stage: STAGES.includes(stage) ? (stage as Stage) : null,
      overdue: query.get('overdue') === 'true',
      mark: MARK_FILTERS.find((mark) => mark === query.get('mark')) ?? null,
      project: wholeNumber(query.get('project')),
      region: /^\d{6,12}$/.exec(query.get('region') ?? '')?.[0] ?? null,
      unit: wholeNumber(query.get('unit')),
      q: query.get('q') ?? '',
    },
    stations: layers.includes('stations'),
    gridCells: layers.includes('grid_cells'),
    camera: readCamera(query.get('at')),
    // The figures have a month of their own.
    month: address.pathname === FIGURES ? null : readMonth(query.get('month')),
    figures: address.pathname === FIGURES ? address.search.slice(1) : '',
  };
}

/** The address of a view; reading it again gives the same view. */
export function viewAddress(view: View): string {
  if (view.shown === 'figures' && !view.site) return FIGURES + (view.figures ? `?${view.figures}` : '');
  const query = new URLSearchParams();
  const { filters } = view;
  if (view.shown === 'list' && view.site) query.set('shown', view.shown);
  if (filters.stage) query.set('stage', filters.stage);
  if (filters.overdue) query.set('overdue', 'true');
  if (filters.mark) query.set('mark', filters.mark);
  if (filters.project) query.set('project', String(filters.project));
  if (filters.region) query.set('region', filters.region);
  if (filters.unit) query.set('unit', String(filters.unit));
  if (filters.q) query.set('q', filters.q);
  if (view.month) query.set('month', view.month);
  const layers = [view.stations && 'stations', view.gridCells && 'grid_cells'].filter(Boolean).join(',');
  if (layers) query.set('layers', layers);
  if (view.camera) query.set('at', writeCamera(view.camera));
  const text = query.toString().replace(/%2C/g, ',');
  return path(view) + (text ? `?${text}` : '');
}

function path(view: View): string {
  if (view.site) return `/sites/${encodeURIComponent(view.site)}`;
  return view.shown === 'list' ? '/list' : '/';
}

function readShown(pathname: string, asked: string | null): Shown {
  if (pathname === FIGURES || asked === 'projects') return 'figures';
  if (asked === 'list') return asked;
  return pathname === '/list' ? 'list' : 'map';
}

function readMonth(text: string | null): string | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.exec(text ?? '')?.[0] ?? null;
}

function writeCamera(camera: Camera): string {
  return `${camera.lon.toFixed(5)},${camera.lat.toFixed(5)},${camera.zoom.toFixed(2)}`;
}

/** A site's code; the address as it stands when it is written in no known way. */
function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

function wholeNumber(text: string | null): number | null {
  return /^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : null;
}

function readCamera(text: string | null): Camera | null {
  if (!/^-?[\d.]+,-?[\d.]+,[\d.]+$/.test(text ?? '')) return null;
  const [lon, lat, zoom] = (text ?? '').split(',').map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  const plausible = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22;
  return plausible ? { lon, lat, zoom } : null;
}
