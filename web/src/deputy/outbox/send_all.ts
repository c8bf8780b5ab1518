// Sending by hand whatever waits, and what is owed read again when any of it arrived.
import { session } from '../../account/session.svelte';
import { readOwedSites } from '../my_month.svelte';
import { outbox } from '../outbox.svelte';

export async function sendAll(): Promise<void> {
  if (session.standing !== 'in') await session.ask();
  if (await outbox.drain()) await readOwedSites();
}
