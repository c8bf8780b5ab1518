// How many challenges wait in the reader's places: read for the navigation, and told anew by whatever list was read last.
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import type { Challenges } from '../../api/wire';

const waiting = $state({ count: 0 });

export function waitingCount(): number {
  return waiting.count;
}

export function noteWaiting(challenges: Pick<Challenges, 'waiting'>): void {
  waiting.count = challenges.waiting;
}

/** Without a fault of its own: the page that is open says what cannot be read. */
export async function readWaiting(): Promise<void> {
  try {
    noteWaiting(await signedIn(get<Challenges>('/api/challenges', { limit: 1 })));
  } catch {
    waiting.count = 0;
  }
}
