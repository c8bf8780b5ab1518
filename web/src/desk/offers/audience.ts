// To whom an offer is made, in words.
import type { Offer } from '../../api/wire';
import { to } from './texts';

export function audienceWords(offer: Pick<Offer, 'for_region' | 'for_group'>): string {
  const parts = [offer.for_region?.name, offer.for_group?.name].filter((name) => name !== undefined);
  return parts.length > 0 ? parts.join(' · ') : to('everybody');
}
