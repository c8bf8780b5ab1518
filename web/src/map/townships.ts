// The townships as the map shows them at county zoom: how many of the shown sites stand at each stage. Pure.
import { isOverdue, type Position, type RegionView, type SiteView } from '../api/wire';
import type { StageShares } from './ring_arcs';

const TOWNSHIP_DIGITS = 9;
const PINYIN = new Intl.Collator('zh-CN-u-co-pinyin');

export interface TownshipCounts {
  code: string;
  name: string;
  position: Position;
  counts: StageShares & { sites: number; overdue: number };
}

/**
 * The townships that have a shown site, in the order of their names' sound. One without a boundary stands in the middle of its sites, taken
 * from all of them, so that it does not wander with the filters.
 */
export function countTownships(
  shown: readonly SiteView[],
  all: readonly SiteView[],
  regions: readonly RegionView[],
): TownshipCounts[] {
  const townships = [...new Set(shown.map(townshipOf))].map((code) => {
    const region = regions.find((each) => each.code === code);
    const own = all.filter((site) => townshipOf(site) === code);
    return {
      code,
      name: region?.name ?? own[0]?.region.name ?? code,
      position: region?.label ?? middle(own),
      counts: counted(shown.filter((site) => townshipOf(site) === code)),
    };
  });
  return townships.sort((one, other) => PINYIN.compare(one.name, other.name));
}

function counted(sites: readonly SiteView[]): TownshipCounts['counts'] {
  const counts = { sites: sites.length, completed: 0, in_progress: 0, not_started: 0, overdue: 0 };
  for (const site of sites) {
    counts[site.stage] += 1;
    if (isOverdue(site)) counts.overdue += 1;
  }
  return counts;
}

/** The code of the township in which a site lies; that of the county for a site of the county as a whole. */
function townshipOf(site: SiteView): string {
  return site.region.code.slice(0, TOWNSHIP_DIGITS);
}

function middle(sites: readonly SiteView[]): Position {
  const mean = (of: (site: SiteView) => number) => sites.reduce((sum, site) => sum + of(site), 0) / sites.length;
  return { lon: mean((site) => site.position.lon), lat: mean((site) => site.position.lat) };
}

/** What a township takes of the map: its boundary, or the box around its sites. */
export function boundsOf(
  code: string,
  all: readonly SiteView[],
  regions: readonly RegionView[],
): [number, number, number, number] {
  const known = regions.find((each) => each.code === code)?.bounds;
  if (known) return known;
  const places = all.filter((site) => townshipOf(site) === code).map((site) => site.position);
  const [lons, lats] = [places.map((place) => place.lon), places.map((place) => place.lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
