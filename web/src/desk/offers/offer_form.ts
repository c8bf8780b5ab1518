// An offer as it is filled in, and what of it is sent. Pure.
import type { Offer, SiteView } from '../../api/wire';

export type Audience = 'all' | 'region' | 'group';

export interface OfferForm {
  places: string;
  words: string;
  to: Audience;
  region: string;
  group: string;
}

export interface OfferBody {
  places: number;
  words: string;
  for_region?: string;
  for_group_id?: number;
}

/** The form as an offer that stands says, or a new one. */
export function formOf(offer: Offer | null): OfferForm {
  return {
    places: String(offer?.places ?? 1),
    words: offer?.words ?? '',
    to: offer?.for_region ? 'region' : offer?.for_group ? 'group' : 'all',
    region: offer?.for_region?.code ?? '',
    group: offer?.for_group ? String(offer.for_group.id) : '',
  };
}

/** What has to be put right before it can be sent. */
export function faultsOf(form: OfferForm): ('places' | 'region' | 'group')[] {
  const places = Number(form.places);
  const faults: ('places' | 'region' | 'group')[] = [];
  if (!Number.isInteger(places) || places < 1 || places > 20) faults.push('places');
  if (form.to === 'region' && form.region === '') faults.push('region');
  if (form.to === 'group' && form.group === '') faults.push('group');
  return faults;
}

export function bodyOf(form: OfferForm): OfferBody {
  const body: OfferBody = { places: Number(form.places), words: form.words.trim() };
  if (form.to === 'region') body.for_region = form.region;
  if (form.to === 'group') body.for_group_id = Number(form.group);
  return body;
}

/** The sites that can be offered: those not struck off. */
export function offerable<Site extends Pick<SiteView, 'struck_off_on'>>(sites: readonly Site[]): Site[] {
  return sites.filter((site) => site.struck_off_on === null);
}

/** Most sites that one call offers. */
const MOST_AT_ONCE = 200;

/** The sites in as many calls as it takes. */
export function partsOf<Site>(sites: readonly Site[]): Site[][] {
  return Array.from({ length: Math.ceil(sites.length / MOST_AT_ONCE) }, (_, at) =>
    sites.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE),
  );
}
