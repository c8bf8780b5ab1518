// The queue's two calls over the API, with every way they can fail sorted by what a person has to do about it.
import { session, signedIn } from '../account/session.svelte';
import { put, sendBytes } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { ReportReceipt } from '../api/wire';
import type { Outcome, Transport } from './queue';

/** Answers that say nothing about the report itself: it may be sent again as it is. */
const NETWORK = new Set([0, 502, 504]);
const BUSY = new Set([429, 500, 503, 507]);

/**
 * The way to the server in the name of one account. The browser's session is asked once before anything goes, and the page's
 * before every call: signed in as somebody else, here or in another tab, a draft waits as if signed out.
 */
export function transportOf(account: number): Transport {
  let asked = false;

  async function inOwnName<Value>(call: () => Promise<Value>): Promise<Outcome<Value>> {
    if (!asked) {
      const there = await outcome(session.whoIsThere());
      if (!there.ok) return there;
      if (there.value !== account) return { ok: false, why: 'signed_out', retryAfterS: null };
      asked = true;
    }
    if (session.current?.account.id !== account) return { ok: false, why: 'signed_out', retryAfterS: null };
    return outcome(signedIn(call()));
  }

  return {
    putReport: (id, body) => inOwnName(() => put<ReportReceipt>(`/api/reports/${id}`, body)),
    putPhoto: async ({ sha256, blob }) => {
      if (blob === null) return { ok: true, value: null };
      return inOwnName(() => sendBytes<unknown>('PUT', `/api/photos/${sha256}`, blob).then(() => null));
    },
  };
}

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
