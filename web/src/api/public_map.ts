// What anybody may read: the county, its sites and their stories.
import { get, type RequestOptions } from './exchange';
import { sitesOf } from './site_columns';
import type {
  CountyView,
  GlossaryEntry,
  LeftSite,
  MapMonth,
  MonthMap,
  Page,
  ProgressView,
  RegionView,
  SiteColumns,
  SiteDetail,
  SiteView,
  StationView,
  Story,
  SummaryView,
} from './wire';

export function readCounty(): Promise<CountyView> {
  return get('/api/county');
}

/** Every site of the county, in one answer. */
export async function readAllSites(): Promise<SiteView[]> {
  return sitesOf(await get<SiteColumns>('/api/map/sites'));
}

export function readSite(id: number, options?: RequestOptions): Promise<SiteDetail> {
  return get(`/api/sites/${id}`, {}, options);
}

export function readStory(id: number, options?: RequestOptions): Promise<Story> {
  return get(`/api/sites/${id}/story`, {}, options);
}

/** The decisions by which the site of a code left the plan, the latest first. */
export function readWithdrawn(code: string): Promise<Page<LeftSite>> {
  return get('/api/withdrawn-sites', { code });
}

export function readStations(): Promise<Page<StationView>> {
  return get('/api/stations');
}

/** The figures of a closed month, or of now. */
export function readSummary(month: string | null = null): Promise<SummaryView> {
  return get('/api/summary', { month });
}

/** The course of a year's projects; of the latest year when none is said. */
export function readProgress(year: number | null = null): Promise<ProgressView> {
  return get('/api/progress', { year });
}

/** The words of the figures with their meanings. */
export function readGlossary(): Promise<Page<GlossaryEntry>> {
  return get('/api/glossary');
}

/** The townships, with their place on the map. */
export function readRegions(): Promise<Page<RegionView>> {
  return get('/api/regions');
}

export function readMapMonths(): Promise<Page<MapMonth>> {
  return get('/api/map/months');
}

/** What a past month's map shows. Under its version's name the browser keeps it. */
export function readMonthMap(month: string, version: string | null): Promise<MonthMap> {
  return get(`/api/map/months/${month}`, { version });
}
