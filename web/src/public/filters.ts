// Which sites are shown, how they are counted and in what order: pure, so that the map, the list and the figures can never disagree.
import { isOverdue, type SiteView, type Stage } from '../api/wire';
import { overdueDays } from './overdue';

export interface SiteFilters {
  stage: Stage | null;
  overdue: boolean;
  project: number | null;
  region: string | null;
  q: string;
}

export interface StageCounts {
  sites: number;
  completed: number;
  in_progress: number;
  not_started: number;
  overdue: number;
  struck_off: number;
}

export const NO_FILTERS: SiteFilters = { stage: null, overdue: false, project: null, region: null, q: '' };

/** Whether any filter narrows the sites. */
export function isFiltering(filters: SiteFilters): boolean {
  return Boolean(filters.stage || filters.overdue || filters.project || filters.region || filters.q.trim());
}

/** The sites that pass every filter. A region takes in everything below it; each word of `q` must be found somewhere. */
export function filterSites(sites: readonly SiteView[], filters: SiteFilters): SiteView[] {
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean);
  return sites.filter(
    (site) =>
      (!filters.stage || site.stage === filters.stage) &&
      (!filters.overdue || isOverdue(site)) &&
      (!filters.project || site.project.id === filters.project) &&
      (!filters.region || site.region.code.startsWith(filters.region)) &&
      (words.length === 0 || hasWords(site, words)),
  );
}

function hasWords(site: SiteView, words: string[]): boolean {
  const text = [site.name, site.code, site.address, site.project.title, site.region.name, site.unit?.name]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** How many sites stand at each stage. */
export function countSites(sites: readonly SiteView[]): StageCounts {
  const counts: StageCounts = { sites: 0, completed: 0, in_progress: 0, not_started: 0, overdue: 0, struck_off: 0 };
  for (const site of sites) {
    counts.sites += 1;
    counts[site.stage] += 1;
    if (isOverdue(site)) counts.overdue += 1;
    if (site.struck_off_on) counts.struck_off += 1;
  }
  return counts;
}

/**
 * The most pressing first: the overdue, those most days late before the others and red before yellow among equals; then red,
 * yellow, blue, struck off, the earliest planned finish first among equals.
 */
export function byUrgency(today: string): (one: SiteView, other: SiteView) => number {
  return (one, other) =>
    Number(pressing(other)) - Number(pressing(one)) ||
    (pressing(one) ? overdueDays(other, today) - overdueDays(one, today) : 0) ||
    urgency(one) - urgency(other) ||
    (one.planned_finish_on ?? '9999').localeCompare(other.planned_finish_on ?? '9999') ||
    one.code.localeCompare(other.code);
}

function pressing(site: SiteView): boolean {
  return isOverdue(site) && !site.struck_off_on;
}

function urgency(site: SiteView): number {
  if (site.struck_off_on) return 5;
  if (pressing(site)) return site.stage === 'not_started' ? 0 : 1;
  return { not_started: 2, in_progress: 3, completed: 4 }[site.stage];
}

/** The projects that have sites, in their numbers' order, each with its counts. */
export function countProjects(sites: readonly SiteView[]): { project: SiteView['project']; counts: StageCounts }[] {
  return grouped(sites, (site) => site.project.id)
    .map((group) => ({ project: group.first.project, counts: countSites(group.sites) }))
    .sort((one, other) => one.project.number - other.project.number);
}

/** The townships that have sites, in their codes' order. */
export function listRegions(sites: readonly SiteView[]): SiteView['region'][] {
  return grouped(sites, (site) => site.region.code)
    .map((group) => group.first.region)
    .sort((one, other) => one.code.localeCompare(other.code));
}

function grouped<Key>(sites: readonly SiteView[], keyOf: (site: SiteView) => Key) {
  const groups = new Map<Key, { first: SiteView; sites: SiteView[] }>();
  for (const site of sites) {
    const group = groups.get(keyOf(site));
    if (group) group.sites.push(site);
    else groups.set(keyOf(site), { first: site, sites: [site] });
  }
  return [...groups.values()];
}
