/** How long a desk may stand unused. Pure. */

/** Before the exit, this long is left to say that one is there. */
export const WARNED_MS = 120_000;
/** The server notes the use of a session once a minute and hears of typing a little later: the page goes first by so much. */
const AHEAD_MS = 90_000;
/** Input this old no longer means that somebody is there. */
const THERE_MS = 60_000;
/** After this pause in the input the server is told of it. */
const PAUSE_MS = 20_000;

/** Milliseconds until the page signs out. */
export function leftMs(now: number, usedAt: number, idleSeconds: number): number {
  return Math.max(0, usedAt + idleSeconds * 1000 - AHEAD_MS - now);
}

/** Whether what the page asks now, it asks by itself. */
export function isUnattended(now: number, usedAt: number): boolean {
  return now - usedAt > THERE_MS;
}

/** Whether the server should hear that somebody types: at each pause, and once a minute meanwhile. */
export function shouldTell(now: number, usedAt: number, toldAt: number): boolean {
  return usedAt > toldAt && (now - usedAt >= PAUSE_MS || now - toldAt >= THERE_MS);
}
