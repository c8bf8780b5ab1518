// The county as this page knows it: read once, then kept up to date by the live line. Everything shown is computed from `sites`.
import { takeOldestCopy } from '../api/copies';
import { followEvents, type LineState } from '../api/events';
import { problemWords } from '../api/problem';
import { readAllSites, readCounty, readSite } from '../api/public_map';
import type { CountyView, SiteEvent, SiteView } from '../api/wire';
import { isOverdue } from '../api/wire';
import { momentIn } from '../i18n/dates';

const FRESH_MS = 4000;

let county = $state.raw<CountyView | null>(null);
let sites = $state.raw<SiteView[]>([]);
let loading = $state(true);
let fault = $state<string | null>(null);
let line = $state<LineState>('connecting');
let asOf = $state<string | null>(null);
let copied = $state(false);
let loads = 0;
let stopFollowing: (() => void) | null = null;
let fresh = $state.raw<ReadonlySet<number>>(new Set());

async function load(): Promise<void> {
  loads += 1;
  const mine = loads;
  const before = sites;
  takeOldestCopy();
  try {
    const [readCountyView, readSites] = await Promise.all([readCounty(), readAllSites()]);
    if (mine !== loads) return;
    county = readCountyView;
    sites = newest(readSites, before);
    asOf = wholeSince(readCountyView);
    fault = null;
    performance.mark('sites-read');
  } catch (thrown) {
    if (mine === loads && sites.length === 0) fault = problemWords(thrown);
  } finally {
    if (mine === loads) loading = false;
  }
}

/** The moment of what was just read: of several copies the oldest one's. */
function wholeSince({ data_as_of, time_zone }: CountyView): string {
  const copy = takeOldestCopy();
  copied = copy !== null;
  return copy && copy < new Date(data_as_of) ? momentIn(time_zone, copy) : data_as_of;
}

/** The sites as read, but for those of which the live line has told something newer since the page showed `before`. */
function newest(read: readonly SiteView[], before: readonly SiteView[]): SiteView[] {
  const untouched = new Set(before);
  const told = new Map(sites.filter((site) => !untouched.has(site)).map((site) => [site.id, site]));
  return read.map((site) => {
    const shown = told.get(site.id);
    return shown && shown.rev > site.rev ? shown : site;
  });
}

function applyEvent(event: SiteEvent): void {
  const known = sites.find((site) => site.id === event.id);
  if (known && !tellsMore(event, known)) return;
  if (known) {
    const overdue = event.overdue && !isOverdue(known) ? { finish_overdue: true } : {};
    const onTime = event.overdue ? {} : { start_overdue: false, finish_overdue: false };
    const { stage, percent, rev, stale, silent } = event;
    replace({ ...known, stage, percent, rev, stale, silent, ...overdue, ...onTime });
  }
  asOf = nowInCounty();
  markFresh(event.id);
  void readAgain(event.id);
}

/** Events may come twice or late; one that says what is already shown changes nothing. */
function tellsMore(event: SiteEvent, known: SiteView): boolean {
  if (event.rev !== known.rev) return event.rev > known.rev;
  return event.overdue !== isOverdue(known) || event.stale !== known.stale || event.silent !== known.silent;
}

/** The event carries what recolours the pin; dates and marks come with the whole site a moment later. */
async function readAgain(id: number): Promise<void> {
  try {
    replace(await readSite(id));
  } catch {
    // The event has been shown; the next one, or the next reload, brings the rest.
  }
}

function nowInCounty(): string | null {
  return county ? momentIn(county.time_zone, new Date()) : null;
}

function replace(next: SiteView): void {
  const known = sites.find((site) => site.id === next.id);
  if (known && known.rev > next.rev) return;
  sites = known ? sites.map((site) => (site.id === next.id ? next : site)) : [...sites, next];
}

function markFresh(id: number): void {
  fresh = new Set([...fresh, id]);
  setTimeout(() => {
    fresh = new Set([...fresh].filter((other) => other !== id));
  }, FRESH_MS);
}

export const countyState = {
  get county(): CountyView | null {
    return county;
  },
  get sites(): readonly SiteView[] {
    return sites;
  },
  get loading(): boolean {
    return loading;
  },
  /** What went wrong when nothing could be read at all. */
  get fault(): string | null {
    return fault;
  },
  get line(): LineState {
    return line;
  },
  /** The moment the shown data was last known to be whole. */
  get asOf(): string | null {
    return asOf;
  },
  /** What is shown was kept on this device, because the server could not be reached. */
  get copied(): boolean {
    return copied;
  },
  /** Sites that changed within the last seconds. */
  get fresh(): ReadonlySet<number> {
    return fresh;
  },
  /** Reads everything and follows the live line, once however often it is asked; returns how to stop. */
  start(): () => void {
    if (stopFollowing) return stopFollowing;
    void load();
    const stop = followEvents({
      onSite: applyEvent,
      onReload: () => void load(),
      onState: (state) => {
        if (state === 'lost' && line === 'open') asOf = nowInCounty();
        line = state;
      },
    });
    stopFollowing = () => {
      stopFollowing = null;
      stop();
    };
    return stopFollowing;
  },
  retry(): void {
    loading = true;
    fault = null;
    void load();
  },
};
