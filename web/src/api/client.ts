// What changes something on the server, and what fetches files; `exchange` has what only reads. Writing again is the caller's decision, made
// with the same id or Idempotency-Key.
import { bodyOf, type Content, exchange, type RequestOptions, WORTH_RETRYING, within } from './exchange';
import { ApiProblem } from './problem';
import { uuidV7 } from './uuid';

export { get, type Query, type RequestOptions, watchAttendance, withQuery } from './exchange';

/** A file may take its time on a weak line. */
const PATIENCE_WITH_FILES_MS = 180_000;

/** Acts; `idempotencyKey` makes a repetition harmless. */
export async function post<Body>(path: string, body: unknown, options: RequestOptions = {}): Promise<Body> {
  const answered = await exchange<Body>('POST', path, json(body), options);
  unanswered = null;
  return answered;
}

/** Puts a thing in its place. Asked again after a lost answer, the server knows the same act by its key and answers as before. */
export function put<Body>(path: string, body: unknown, options: RequestOptions = {}): Promise<Body> {
  const content = json(body);
  return knownAgain('PUT', path, content, options, (keyed) => exchange<Body>('PUT', path, content, keyed));
}

/** Sends a file's bytes as they are. */
export function sendBytes<Body>(
  method: 'PUT' | 'POST',
  path: string,
  bytes: Blob,
  options: RequestOptions = {},
): Promise<Body> {
  const content = { body: bytes, type: bytes.type || 'application/octet-stream', patienceMs: PATIENCE_WITH_FILES_MS };
  return exchange<Body>(method, path, content, options);
}

/** A picture that is not for everybody, as a file. */
export function getFile(path: string, options: RequestOptions = {}): Promise<Blob> {
  const headers: Record<string, string> = options.secret ? { 'challenge-secret': options.secret } : {};
  return within(PATIENCE_WITH_FILES_MS, options.signal, async (signal) => {
    const answer = await fetch(path, { headers, credentials: 'same-origin', signal });
    if (!answer.ok) throw new ApiProblem(answer.status, ((await bodyOf(answer)) ?? {}) as Record<string, unknown>);
    return answer.blob();
  });
}

/** Removes, or ends (a session). */
export function remove<Body = void>(path: string, options: RequestOptions = {}): Promise<Body> {
  return knownAgain('DELETE', path, undefined, options, (keyed) => exchange<Body>('DELETE', path, undefined, keyed));
}

/** The act whose answer was lost last, with the key under which it may have been done. Any act that is answered ends the memory of it. */
let unanswered: { asked: string; key: string } | null = null;

/** Runs an act under a key of its own, the same one when it is what was asked just before and never answered. Reports bring their own ids. */
async function knownAgain<Body>(
  method: string,
  path: string,
  content: Content | undefined,
  options: RequestOptions,
  run: (options: RequestOptions) => Promise<Body>,
): Promise<Body> {
  if (path.startsWith('/api/reports')) return run(options);
  const asked = `${method} ${path} ${content?.body ?? ''}`;
  const key = options.idempotencyKey ?? (unanswered?.asked === asked ? unanswered.key : uuidV7());
  unanswered = { asked, key };
  try {
    const answered = await run({ ...options, idempotencyKey: key });
    unanswered = null;
    return answered;
  } catch (thrown) {
    if (thrown instanceof ApiProblem && !WORTH_RETRYING.has(thrown.status)) unanswered = null;
    throw thrown;
  }
}

function json(body: unknown): Content {
  return { body: JSON.stringify(body ?? {}), type: 'application/json' };
}
