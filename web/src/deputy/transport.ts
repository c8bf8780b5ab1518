// The queue's calls over the API, with every way they can fail sorted by what a person has to do about it.
import { session, signedIn } from '../account/session.svelte';
import { put, sendBytes } from '../api/client';
import { ApiProblem } from '../api/problem';
import type { BatchResult, BatchResults, ReportReceipt } from '../api/wire';
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
    putReports: async (items) => {
      const sent = await inOwnName(() => put<BatchResults>('/api/reports', { items }, { tellsClock: true }));
      return sent.ok ? { ok: true, value: sent.value.items.map(outcomeOf) } : sent;
    },
    putReport: (id, body) => inOwnName(() => put<ReportReceipt>(`/api/reports/${id}`, body, { tellsClock: true })),
    putPhoto: async ({ sha256, blob }) => {
      if (blob === null) return { ok: true, value: null };
      return inOwnName(() => sendBytes<unknown>('PUT', `/api/photos/${sha256}`, blob).then(() => null));
    },
  };
}

/** What became of one report of a batch, as if it had been sent alone. */
function outcomeOf({ receipt, problem, retry_after_s }: BatchResult): Outcome<ReportReceipt> {
  if (receipt) return { ok: true, value: receipt };
  return failure(new ApiProblem(problem?.status ?? 500, { ...problem }, retry_after_s?.toString() ?? null));
}

async function outcome<Value>(call: Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await call };
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem)) throw thrown;
    return failure(thrown);
  }
}

function failure(problem: ApiProblem): Outcome<never> {
  const { status, retryAfterS, code, message } = problem;
  if (status === 401) return { ok: false, why: 'signed_out', retryAfterS: null };
  if (NETWORK.has(status)) return { ok: false, why: 'network', retryAfterS };
  // Another attempt of the same report is still being answered.
  if (BUSY.has(status) || code === 'busy') return { ok: false, why: 'busy', retryAfterS };
  const fields = problem.fields.map((each) => ({ field: each.field, code: each.code, message: each.message }));
  return { ok: false, why: 'refused', words: message, fields, code };
}
