// How a draft stands, in words, and what can be done about it. Pure: it reads the draft and nothing else.
import { missingPhotos } from '../queue';
import type { Draft } from '../report/draft';
import { t } from './texts';

/** What is in the way of a refused report for good; null when correcting it may help. */
export type Conflict = 'struck_off' | 'not_adopted' | 'gone' | null;

export function conflictOf({ delivery }: Draft): Conflict {
  if (delivery.step !== 'refused') return null;
  const ofSite = delivery.fields.find(({ field }) => field === 'site_id')?.code;
  if (ofSite === 'struck_off' || ofSite === 'not_adopted') return ofSite;
  return delivery.code === 'not_found' ? 'gone' : null;
}

/** More than the server's own sentence, where there is more to say. */
export function adviceOn(draft: Draft): string | null {
  const conflict = conflictOf(draft);
  if (conflict) return t(`conflict.${conflict}`);
  return draft.delivery.step === 'refused' && draft.delivery.code === 'key_reused' ? t('conflict.key_reused') : null;
}

/** Where the draft stands, as one line. */
export function stateWords(draft: Draft): string {
  const { delivery } = draft;
  const count = missingPhotos(draft).length;
  const there = draft.receipt !== null;
  switch (delivery.step) {
    case 'editing':
      return t('state.editing');
    case 'sending':
      return there ? t('state.sending_photos', { count }) : t('state.sending');
    case 'waiting':
      return there ? t(`state.${delivery.why}_photos`, { count }) : t(`state.${delivery.why}`);
    case 'refused':
      return t('state.refused', { words: delivery.words });
    case 'received':
      return t('state.received');
  }
}
