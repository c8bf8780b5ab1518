// What the reader is looking at: the county now or as a past month had it, narrowed by the filters of the address. Map, list and counts read
// it from here, so that they always agree.
import type { SiteView, Stage } from '../api/wire';
import { isOverdue } from '../api/wire';
import { countyState } from './county_state.svelte';
import { byUrgency, countSites, filterSites } from './filters';
import { months } from './months.svelte';
import { byDistance, near } from './near.svelte';
import { lastDay, sitesInMonth } from './past_sites';
import { viewState } from './view_state.svelte';

const NONE: ReadonlySet<number> = new Set();

const filters = $derived(viewState.current.filters);
const all = $derived(months.shown ? sitesInMonth(countyState.sites, months.shown) : countyState.sites);
const today = $derived(months.shown ? lastDay(months.shown.month) : (countyState.county?.today ?? ''));
const sites = $derived(filterSites(all, filters).sort(near.position ? byDistance(near.position) : byUrgency(today)));
const counts = $derived(countSites(sites));
// The tiles count what the other filters leave, so that choosing one stage does not empty the other two.
const ofAnyStage = $derived(filterSites(all, { ...filters, stage: null }));

export const exploration = {
  /** Every site of the moment shown. */
  get all(): readonly SiteView[] {
    return all;
  },
  /** The day on which lateness is counted. */
  get today(): string {
    return today;
  },
  /** The sites that pass the filters: the nearest first when the reader's place is known, otherwise the most pressing. */
  get sites(): SiteView[] {
    return sites;
  },
  get counts() {
    return counts;
  },
  get tileCounts() {
    return countSites(ofAnyStage);
  },
  get tileOverdue(): Record<Stage, number> {
    const late = ofAnyStage.filter(isOverdue);
    const count = (stage: Stage) => late.filter((site) => site.stage === stage).length;
    return { completed: count('completed'), in_progress: count('in_progress'), not_started: count('not_started') };
  },
  /** The open site as the map shows it. */
  get selected(): SiteView | null {
    return all.find((site) => site.code === viewState.current.site) ?? null;
  },
  /** The open site as its story tells it: up to now, whatever month the map shows. */
  get told(): SiteView | null {
    return countyState.sites.find((site) => site.code === viewState.current.site) ?? exploration.selected;
  },
  /** Sites that changed just now; nothing changes in the past. */
  get fresh(): ReadonlySet<number> {
    return months.shown ? NONE : countyState.fresh;
  },
};
