// The queue's two calls over the API, with every way they can fail sorted by what a person has to do about it.
import { signedIn } from '../account/session.svelte';
import { put, sendBytes } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { ReportReceipt } from '../api/wire';
import type { Outcome, Transport } from './queue';

/** Answers that say nothing about the report itself: it may be sent again as it is. */
const NETWORK = new Set([0, 502, 504]);
const BUSY = new Set([429, 500, 503, 507]);

export const transport: Transport = {
  putReport: (id, body) => outcome(signedIn(put<ReportReceipt>(`/api/reports/${id}`, body))),
  putPhoto: ({ sha256, blob }) => {
    if (blob === null) return Promise.resolve({ ok: true, value: null });
    return outcome(signedIn(sendBytes<unknown>('PUT', `/api/photos/${sha256}`, blob)).then(() => null));
  },
};

async function outcome<Value>(call: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await call };
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem)) throw thrown;
    const { status, retryAfterS } = thrown;
    if (status === 401) return { ok: false, why: 'signed_out', retryAfterS: null };
    if (NETWORK.has(status)) return { ok: false, why: 'network', retryAfterS };
    // Another attempt of the same report is still being answered.
    if (BUSY.has(status) || thrown.code === 'busy') return { ok: false, why: 'busy', retryAfterS };
    const fields = thrown.fields.map(({ field, message }) => ({ field, message }));
    return { ok: false, why: 'refused', words: thrown.message, fields };
  }
}
