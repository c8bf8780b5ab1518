// How many orders wait for the reader: answers to decide about, and orders to their own unit. Read for the navigation, and told anew by
// whatever list was read last.
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import type { Orders } from '../../api/wire';

const waiting = $state({ count: 0 });

export function waitingOrders(): number {
  return waiting.count;
}

export function noteOrders(orders: Pick<Orders, 'waiting'>): void {
  waiting.count = orders.waiting;
}

/** Without a fault of its own: the page that is open says what cannot be read. */
export async function readWaitingOrders(): Promise<void> {
  try {
    noteOrders(await signedIn(get<Orders>('/api/supervision-orders', { limit: 1 })));
  } catch {
    waiting.count = 0;
  }
}
