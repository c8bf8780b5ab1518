// Which sites are shown, how they are counted and in what order: pure, so that the map, the list and the figures can never disagree.
import { isOverdue, type SiteView, type Stage } from '../api/wire';
import { overdueDays } from './overdue';

/** A mark beside the stage that can be looked for. `not_due` is a red site that is not late. */
export type MarkFilter = 'struck_off' | 'stale' | 'silent' | 'not_due';

export const MARK_FILTERS: readonly MarkFilter[] = ['struck_off', 'stale', 'silent', 'not_due'];

export interface SiteFilters {
  stage: Stage | null;
  overdue: boolean;
  mark: MarkFilter | null;
  project: number | null;
  region: string | null;
  unit: number | null;
  q: string;
}

export interface StageCounts {
  sites: number;
  completed: number;
  in_progress: number;
  not_started: number;
  overdue: number;
  struck_off: number;
  stale: number;
  silent: number;
  not_due: number;
}

export const NO_FILTERS: SiteFilters = {
  stage: null,
  overdue: false,
  mark: null,
  project: null,
  region: null,
  unit: null,
  q: '',
};

/** Whether any filter narrows the sites. */
export function isFiltering(filters: SiteFilters): boolean {
  const { stage, overdue, mark, project, region, unit, q } = filters;
  return Boolean(stage || overdue || mark || project || region || unit || q.trim());
}

/** The sites that pass every filter. A region takes in everything below it; each word of `q` must be found somewhere. */
export function filterSites(sites: readonly SiteView[], filters: SiteFilters): SiteView[] {
  const words = fold(filters.q).split(/\s+/).filter(Boolean);
  return sites.filter(
    (site) =>
      (!filters.stage || site.stage === filters.stage) &&
      (!filters.overdue || isOverdue(site)) &&
      (!filters.mark || wears(site, filters.mark)) &&
      (!filters.project || site.project.id === filters.project) &&
      (!filters.region || site.region.code.startsWith(filters.region)) &&
      (!filters.unit || site.unit?.id === filters.unit) &&
      (words.length === 0 || hasWords(site, words)),
  );
}

/** Whether the site wears the mark. */
export function wears(site: SiteView, mark: MarkFilter): boolean {
  if (mark === 'struck_off') return site.struck_off_on !== null;
  if (mark === 'stale') return site.stale && !site.struck_off_on;
  if (mark === 'silent') return site.silent;
  return site.stage === 'not_started' && !isOverdue(site);
}

/** Filters without what no site of this county could pass: an address may come from elsewhere, or from last year. */
export function knownFilters(filters: SiteFilters, sites: readonly SiteView[]): SiteFilters {
  const { project, region, unit } = filters;
  return {
    ...filters,
    project: sites.some((site) => site.project.id === project) ? project : null,
    region: region && sites.some((site) => site.region.code.startsWith(region)) ? region : null,
    unit: sites.some((site) => site.unit?.id === unit) ? unit : null,
  };
}

/** Text as a search compares it: full width made narrow, capitals made small. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

const texts = new WeakMap<SiteView, string>();

function hasWords(site: SiteView, words: string[]): boolean {
  let text = texts.get(site);
  if (text === undefined) {
    const known = [site.name, site.code, site.address, site.project.title, site.region.name, site.unit?.name ?? ''];
    text = known.map((each) => fold(each).replace(/\s+/g, '')).join('\n');
    texts.set(site, text);
  }
  return words.every((word) => text.includes(word));
}

/** How many sites stand at each stage, and how many wear each mark. */
export function countSites(sites: readonly SiteView[]): StageCounts {
  const counts: StageCounts = {
    sites: 0,
    completed: 0,
    in_progress: 0,
    not_started: 0,
    overdue: 0,
    struck_off: 0,
    stale: 0,
    silent: 0,
    not_due: 0,
  };
  for (const site of sites) {
    counts.sites += 1;
    counts[site.stage] += 1;
    if (isOverdue(site)) counts.overdue += 1;
    for (const mark of MARK_FILTERS) if (wears(site, mark)) counts[mark] += 1;
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

const PINYIN = new Intl.Collator('zh-CN-u-co-pinyin', { numeric: true });

/** The townships that have sites, in the order of their names' sound. */
export function listRegions(sites: readonly SiteView[]): SiteView['region'][] {
  return grouped(sites, (site) => site.region.code)
    .map((group) => group.first.region)
    .sort((one, other) => PINYIN.compare(one.name, other.name));
}

/** The undertaking units that have sites, in the order of their names' sound. */
export function listUnits(sites: readonly SiteView[]): NonNullable<SiteView['unit']>[] {
  return grouped(sites, (site) => site.unit?.id)
    .flatMap((group) => group.first.unit ?? [])
    .sort((one, other) => PINYIN.compare(one.name, other.name));
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
