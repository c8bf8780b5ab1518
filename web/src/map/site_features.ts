// Sites as the features the map draws. The picture a pin wears is a word made of its facts, so that any fact that changes changes the pin.
import { isOverdue, type SiteView, type Stage } from '../api/wire';

export interface PinLook {
  stage: Stage;
  overdue: boolean;
  struckOff: boolean;
  stale: boolean;
}

export interface SiteProperties {
  stage: Stage;
  overdue: 0 | 1;
  name: string;
  pin: string;
  /** Drawn later, so on top: the most pressing. */
  order: number;
}

export interface SiteFeature {
  type: 'Feature';
  id: number;
  geometry: { type: 'Point'; coordinates: [number, number] };
  properties: SiteProperties;
}

export interface SiteFeatures {
  type: 'FeatureCollection';
  features: SiteFeature[];
}

export function siteFeatures(sites: readonly SiteView[]): SiteFeatures {
  return { type: 'FeatureCollection', features: sites.map(siteFeature) };
}

function siteFeature(site: SiteView): SiteFeature {
  const look = pinLook(site);
  return {
    type: 'Feature',
    id: site.id,
    geometry: { type: 'Point', coordinates: [site.position.lon, site.position.lat] },
    properties: {
      stage: site.stage,
      overdue: look.overdue ? 1 : 0,
      name: site.name,
      pin: pinName(look),
      order: { completed: 0, in_progress: 1, not_started: 2 }[site.stage] + (look.overdue ? 3 : 0),
    },
  };
}

/** What a site's pin shows. Struck-off sites never go stale: their evidence is complete. */
export function pinLook(site: SiteView): PinLook {
  const struckOff = site.struck_off_on !== null;
  return { stage: site.stage, overdue: isOverdue(site), struckOff, stale: site.stale && !struckOff };
}

export function pinName(look: PinLook): string {
  const marks = [look.overdue && 'overdue', look.struckOff && 'struck_off', look.stale && 'stale'].filter(Boolean);
  return ['pin', look.stage, ...marks].join('/');
}

/** The look a picture's name stands for; undefined for names that are not a pin's. */
export function pinNamed(name: string): PinLook | undefined {
  const [kind, stage, ...marks] = name.split('/');
  if (kind !== 'pin') return undefined;
  return {
    stage: stage as Stage,
    overdue: marks.includes('overdue'),
    struckOff: marks.includes('struck_off'),
    stale: marks.includes('stale'),
  };
}

export interface RingLook {
  completed: number;
  in_progress: number;
  not_started: number;
  overdue: number;
}

/** The counts a cluster's picture name (`ring/3/1/2/1`) stands for. */
export function ringNamed(name: string): RingLook | undefined {
  const [kind, ...figures] = name.split('/');
  if (kind !== 'ring') return undefined;
  const [completed = 0, in_progress = 0, not_started = 0, overdue = 0] = figures.map(Number);
  return { completed, in_progress, not_started, overdue };
}
