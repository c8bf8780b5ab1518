// The live line to the server: which site changed, and how. After a break everything is read again, so nothing missed stays missed.
import type { SiteEvent } from './wire';

export type LineState = 'connecting' | 'open' | 'lost';

export interface LiveHandlers {
  onSite: (event: SiteEvent) => void;
  /** Read everything again: the county changed as a whole, or events may have been missed. */
  onReload: () => void;
  onState: (state: LineState) => void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** The server gives a sign of life every 15 s; a line that is silent for longer than two of them is dead, whatever the phone believes. */
const LONGEST_SILENCE_MS = 40_000;

/** How long to wait before the n-th attempt to reconnect (from 0): doubling, with a fifth of chance so that phones do not return all at once. */
export function pauseBefore(attempt: number, chance: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.9 + 0.2 * chance);
}

/** Follows the county's events until the returned function is called. */
export function followEvents(handlers: LiveHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let interrupted = false;

  function heard(): void {
    clearTimeout(silence);
    silence = setTimeout(reconnectLater, LONGEST_SILENCE_MS);
  }

  function connect(): void {
    clearTimeout(timer);
    source?.close();
    heard();
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      heard();
      attempt = 0;
      handlers.onState('open');
      if (interrupted) handlers.onReload();
      interrupted = false;
    });
    for (const kind of ['hello', 'heartbeat', 'site', 'county']) source.addEventListener(kind, heard);
    source.addEventListener('site', (event) => handlers.onSite(JSON.parse(event.data) as SiteEvent));
    source.addEventListener('county', () => handlers.onReload());
    source.addEventListener('error', reconnectLater);
  }

  function reconnectLater(): void {
    clearTimeout(silence);
    source?.close();
    interrupted = true;
    handlers.onState('lost');
    clearTimeout(timer);
    timer = setTimeout(connect, pauseBefore(attempt, Math.random()));
    attempt += 1;
  }

  function reconnectNow(): void {
    if (interrupted && document.visibilityState === 'visible') connect();
  }

  handlers.onState('connecting');
  connect();
  addEventListener('online', reconnectNow);
  addEventListener('offline', reconnectLater);
  document.addEventListener('visibilitychange', reconnectNow);
  return () => {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    removeEventListener('online', reconnectNow);
    removeEventListener('offline', reconnectLater);
    document.removeEventListener('visibilitychange', reconnectNow);
  };
}
