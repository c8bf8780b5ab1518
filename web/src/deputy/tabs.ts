/**
 * Several tabs of the app on one phone: one of them sends a report while the others look on, and each learns what another wrote.
 * Browsers that lack either means go without: the report's own id keeps it single on the server all the same.
 */
import type { Draft } from './report/draft';

/** Does the work unless another tab is at it; null then. */
export async function alone<Value>(what: string, work: () => Promise<Value>): Promise<Value | null> {
  if (!navigator.locks) return work();
  return navigator.locks.request(what, { ifAvailable: true }, (lock) => (lock ? work() : null));
}

/** Does the work when no other tab is at it any more. */
export async function inTurn<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  return navigator.locks ? navigator.locks.request(what, work) : work();
}

/** A draft was written or came to its end in another tab. */
export interface Told {
  accountId: number;
  siteId: number;
  /** The draft as it stood when the server had all of it: the phone keeps nothing of it that could be read again. */
  received?: Draft;
}

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('minsheng-deputy') : null;

export function tell(message: Told): void {
  channel?.postMessage(message);
}

export function listen(hear: (message: Told) => void): void {
  channel?.addEventListener('message', (event) => hear(event.data as Told));
}
