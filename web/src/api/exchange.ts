// The `fetch` of the web front end, and what only reads. It speaks JSON, keeps to its own origin, turns every failure into an ApiProblem, and
// repeats only what is harmless to repeat (GET). Whatever changes something is in `client`, which the public list does without.
import { locale } from '../i18n/locale.svelte';
import { noteCopy } from './copies';
import { ApiProblem, unreachable } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface RequestOptions {
  signal?: AbortSignal;
  /** A UUID made once per act, kept while the act is retried. */
  idempotencyKey?: string;
  /** Opens what a visitor sent, together with its number. */
  secret?: string;
  /** Says what this device's clock shows, for what depends on when it was written. */
  tellsClock?: boolean;
}

/** Whether nobody is before the page. What it then asks by itself must not keep the session alive. */
let nobodyThere: (() => boolean) | null = null;

export function watchAttendance(watch: () => boolean): void {
  nobodyThere = watch;
}

const RETRY_AFTER_MS = [400, 1500];
export const WORTH_RETRYING = new Set([0, 502, 503, 504]);
/** A line that has gone dead without a word is given up after this long; a file may take its time on a weak line. */
const PATIENCE_MS = 30_000;

/** Reads; tries again twice when the server is away for a moment. */
export async function get<Body>(path: string, query: Query = {}, options: RequestOptions = {}): Promise<Body> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await exchange<Body>('GET', withQuery(path, query), undefined, options);
    } catch (thrown) {
      const pause = RETRY_AFTER_MS[attempt];
      if (!(thrown instanceof ApiProblem) || !WORTH_RETRYING.has(thrown.status) || pause === undefined) throw thrown;
      await wait(pause, options.signal);
    }
  }
}

/** `/api/sites` + `{stage: 'completed', q: ''}` → `/api/sites?stage=completed`; empty values are left out. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `${path}?${text}` : path;
}

export interface Content {
  body: BodyInit;
  type: string;
  patienceMs?: number;
}

/** One request and its answer. */
export async function exchange<Body>(
  method: string,
  path: string,
  content: Content | undefined,
  options: RequestOptions,
): Promise<Body> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': locale.current };
  if (content) headers['content-type'] = content.type;
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  if (options.secret) headers['challenge-secret'] = options.secret;
  if (options.tellsClock) headers['phone-clock'] = new Date().toISOString();
  if (nobodyThere?.()) headers['x-unattended'] = '1';
  const request: RequestInit = { method, headers, credentials: 'same-origin' };
  if (content) request.body = content.body;
  const { response, body } = await within(content?.patienceMs ?? PATIENCE_MS, options.signal, async (signal) => {
    const answer = await fetch(path, { ...request, signal });
    return { response: answer, body: await bodyOf(answer) };
  });
  noteCopy(response.headers.get('x-copy-from'));
  if (!response.ok) {
    throw new ApiProblem(response.status, isRecord(body) ? body : {}, response.headers.get('retry-after'));
  }
  return body as Body;
}

/** Runs the exchange and gives it up when it takes too long; what the network does becomes one problem, what the caller gave up stays that. */
export async function within<Value>(
  patienceMs: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort();
  const timer = setTimeout(stop, patienceMs);
  if (outer?.aborted) stop();
  outer?.addEventListener('abort', stop);
  try {
    return await run(giveUp.signal);
  } catch (thrown) {
    if (outer?.aborted || thrown instanceof ApiProblem) throw thrown;
    throw unreachable();
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}

export async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204 || !response.headers.get('content-type')?.includes('json')) return undefined;
  return response.json();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason ?? new DOMException('aborted', 'AbortError'));
    });
  });
}
