/**
 * Sends a finished draft: the report first, then its pictures one by one. Each step is saved before the next begins,
 * so a lost connection, an ended session or a closed page loses nothing, and a repetition sends the same bytes.
 * Knows neither the page nor the storage: both are passed in. When to try again is decided by the caller.
 */
import type { NewReport, ReportReceipt } from '../api/wire';
import { bodyOf, type Delivery, type Draft, type DraftPhoto, type FieldFault } from './report/draft';

/** How one call to the server ended, as far as the queue needs to know. */
export type Outcome<T> =
  | { ok: true; value: T }
  | { ok: false; why: 'network' | 'busy' | 'signed_out'; retryAfterS: number | null }
  | { ok: false; why: 'refused'; words: string; fields: FieldFault[]; code?: string };

/** The calls the queue makes; all are safe to repeat. */
export interface Transport {
  /** Many reports at once, each with its own outcome, in the same order. */
  putReports(reports: { id: string; report: NewReport }[]): Promise<Outcome<Outcome<ReportReceipt>[]>>;
  putReport(id: string, body: NewReport): Promise<Outcome<ReportReceipt>>;
  putPhoto(photo: DraftPhoto): Promise<Outcome<null>>;
}

/** Keeps a draft before and after each step. */
export type Keep = (draft: Draft) => Promise<void>;

/** As many as one call may carry. */
const BATCH = 100;

/**
 * Sends the reports of several drafts, the one written first before the others, in one call; pictures are not sent here. A draft whose
 * report was not accepted says why. A server that knows no such call leaves everything to be sent one by one.
 */
export async function announce(drafts: readonly Draft[], transport: Transport, keep: Keep): Promise<Draft[]> {
  const due = drafts
    .filter((draft) => draft.receipt === null)
    .sort((one, other) => one.writtenAt.localeCompare(other.writtenAt));
  if (due.length < 2) return [...drafts];
  const after = new Map(drafts.map((draft) => [draft.id, draft]));
  const note = async (draft: Draft) => {
    after.set(draft.id, draft);
    await keep(draft);
  };
  for (let from = 0; from < due.length; from += BATCH) {
    const part = due.slice(from, from + BATCH);
    for (const draft of part) await note({ ...draft, delivery: { step: 'sending' } });
    const sent = await transport.putReports(part.map((draft) => ({ id: draft.id, report: bodyOf(draft) })));
    if (!sent.ok && sent.why === 'refused') break;
    for (const [place, draft] of part.entries()) {
      const one = sent.ok ? sent.value[place] : sent;
      if (one?.ok) await note({ ...draft, delivery: { step: 'sending' }, receipt: one.value });
      else if (one) await note({ ...draft, delivery: failed(one) });
    }
    if (!sent.ok) break;
  }
  return drafts.map((draft) => after.get(draft.id) ?? draft);
}

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
    if (photo.lost) {
      current = withNotTaken(current, photo.sha256, LOST);
      await keep(current);
      continue;
    }
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

/** Stands in `notTaken` for a picture that the phone itself has lost. */
export const LOST = 'lost';

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
    ? { step: 'refused', words: outcome.words, fields: outcome.fields, ...(outcome.code ? { code: outcome.code } : {}) }
    : { step: 'waiting', why: outcome.why, retryAfterS: outcome.retryAfterS };
}

async function settle(draft: Draft, delivery: Delivery, keep: Keep): Promise<Draft> {
  const settled = { ...draft, delivery };
  await keep(settled);
  return settled;
}
