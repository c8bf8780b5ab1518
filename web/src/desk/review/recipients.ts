// Whom an act on the chosen sites would reach, as the server says; very many are asked about in parts, and the parts added up.
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import type { Recipients } from '../../api/wire';
import { inParts, type Watch } from './in_parts';

const MOST_NAMED = 500;

export async function readRecipients(ids: readonly number[], watch: Watch = {}): Promise<Recipients> {
  const ask = (part: readonly number[]) =>
    signedIn(get<Recipients>('/api/review/recipients', { sites: part.join(',') }));
  return addedUp(await inParts(ids, MOST_NAMED, ask, watch));
}

type Told = Recipients['units'][number];

/** One answer from several: whoever is named in more than one is told about all of those sites. Pure. */
export function addedUp(parts: readonly Recipients[]): Recipients {
  const sum = (lists: readonly Told[][]): Told[] => {
    const told = new Map<number, Told>();
    for (const each of lists.flat())
      told.set(each.id, { ...each, sites: each.sites + (told.get(each.id)?.sites ?? 0) });
    return [...told.values()].sort((one, other) => other.sites - one.sites || one.id - other.id);
  };
  return {
    units: sum(parts.map((part) => part.units)),
    deputies: sum(parts.map((part) => part.deputies)),
    sites_without_adopters: parts.reduce((count, part) => count + part.sites_without_adopters, 0),
  };
}
