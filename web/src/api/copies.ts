// Which answers were copies that the service worker had kept, because the server could not be reached.

let oldest: Date | null = null;

/** Takes note of an answer that says from when it is a copy. */
export function noteCopy(from: string | null): void {
  if (!from) return;
  const moment = new Date(from);
  if (!Number.isNaN(moment.getTime()) && (oldest === null || moment < oldest)) oldest = moment;
}

/** The age of the oldest copy since the last call; null when everything came from the server. */
export function takeOldestCopy(): Date | null {
  const taken = oldest;
  oldest = null;
  return taken;
}
