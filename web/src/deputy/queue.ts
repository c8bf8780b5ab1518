/**
 * Sends a finished draft: the report first, then its pictures one by one. Each step is saved before the next begins,
 * so a lost connection, an ended session or a closed page loses nothing, and a repetition sends the same bytes.
 * Knows neither the page nor the storage: both are passed in. When to try again is decided by the caller.
 */
import type { NewReport, ReportReceipt } from '../api/wire';
import { bodyOf, type Delivery, type Draft, type DraftPhoto } from './report/draft';

/** How one call to the server ended, as far as the queue needs to know. */
export type Outcome<T> =
  | { ok: true; value: T }
  | { ok: false; why: 'network' | 'busy' | 'signed_out'; retryAfterS: number | null }
  | { ok: false; why: 'refused'; words: string; fields: { field: string; message: string }[] };

/** The two calls the queue makes; both are safe to repeat. */
export interface Transport {
  putReport(id: string, body: NewReport): Promise<Outcome<ReportReceipt>>;
  putPhoto(photo: DraftPhoto): Promise<Outcome<null>>;
}

/** Keeps a draft before and after each step. */
export type Keep = (draft: Draft) => Promise<void>;

/** Sends as far as it gets and returns where the draft stands then; never throws for what the network does. */
export async function deliver(draft: Draft, transport: Transport, keep: Keep): Promise<Draft> {
  let current: Draft = { ...draft, delivery: { step: 'sending' } };
  await keep(current);
  if (current.receipt === null) {
    const sent = await transport.putReport(current.id, bodyOf(current));
    if (!sent.ok) return settle(current, failed(sent), keep);
    current = { ...current, receipt: sent.value };
    await keep(current);
  }
  for (const photo of missingPhotos(current)) {
    const sent = await transport.putPhoto(photo);
    if (!sent.ok && sent.why !== 'refused') return settle(current, failed(sent), keep);
    // The report stands already: a picture that is no good is left out, and holds up neither the others nor the receipt.
    if (!sent.ok) current = withNotTaken(current, photo.sha256, sent.words);
    else current = withArrived(current, photo.sha256);
    await keep(current);
  }
  return settle(current, { step: 'received' }, keep);
}

/** The pictures the server has announced as missing, in the order they were taken. */
export function missingPhotos(draft: Draft): DraftPhoto[] {
  const missing = new Set(draft.receipt?.missing_photos ?? []);
  const notTaken = new Set(draft.notTaken?.map((photo) => photo.sha256));
  return draft.photos.filter((photo) => missing.has(photo.sha256) && !notTaken.has(photo.sha256));
}

/** Whether the queue should try this draft by itself, on opening or when the network returns. */
export function isUnfinished(draft: Draft): boolean {
  return draft.delivery.step === 'sending' || draft.delivery.step === 'waiting';
}

function withArrived(draft: Draft, sha256: string): Draft {
  if (draft.receipt === null) return draft;
  const missing = draft.receipt.missing_photos.filter((hash) => hash !== sha256);
  return { ...draft, receipt: { ...draft.receipt, missing_photos: missing } };
}

function withNotTaken(draft: Draft, sha256: string, words: string): Draft {
  return { ...draft, notTaken: [...(draft.notTaken ?? []), { sha256, words }] };
}

function failed(outcome: Exclude<Outcome<unknown>, { ok: true }>): Delivery {
  return outcome.why === 'refused'
    ? { step: 'refused', words: outcome.words, fields: outcome.fields }
    : { step: 'waiting', why: outcome.why, retryAfterS: outcome.retryAfterS };
}

async function settle(draft: Draft, delivery: Delivery, keep: Keep): Promise<Draft> {
  const settled = { ...draft, delivery };
  await keep(settled);
  return settled;
}
