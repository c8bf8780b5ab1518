/**
 * How each kind of request is answered. Files and pictures never change under their names: the kept one is good. Everything else is
 * asked of the server first; the kept copy is for when the server cannot be reached, and is marked as one.
 */
import { faceOf } from './faces';
import { isUnreachable, type Kind, mayKeep } from './policy';
import type { Rooms } from './rooms';

/** How long the network may take before a copy is shown, where there is one. */
const PATIENCE_MS = 6000;

/** The header by which the page knows that an answer is a copy, and from when. */
export const COPY_FROM = 'x-copy-from';

/** Work that goes on after the answer was given. */
export type Later = (work: Promise<unknown>) => void;

export async function answer(kind: Kind, request: Request, rooms: Rooms, later: Later): Promise<Response> {
  if (kind === 'page') return page(request, rooms);
  if (kind === 'asset' || kind === 'thumbnail') {
    return (await rooms.find(kind, request)) ?? fetched(kind, request, rooms, later);
  }
  const copy = await rooms.find(kind, request);
  const network = fetched(kind, request, rooms, later);
  if (!copy) return network;
  const shown = copy;
  const reached = network.then(
    (response) => (isUnreachable(response.status) ? null : response),
    () => null,
  );
  later(reached);
  return (await within(reached)) ?? marked(shown);
}

/** A page as the server writes it, or the face without content, which reads the copies. */
async function page(request: Request, rooms: Rooms): Promise<Response> {
  const face = faceOf(new URL(request.url).pathname);
  const shell = face && (await (await rooms.shell()).match(face.shell, { ignoreVary: true }));
  if (!shell) return fetch(request);
  if (face.keptFirst) return shell;
  const reached = fetch(request).then(
    (response) => (isUnreachable(response.status) ? null : response),
    () => null,
  );
  return (await within(reached)) ?? shell;
}

async function fetched(kind: Exclude<Kind, 'page'>, request: Request, rooms: Rooms, later: Later): Promise<Response> {
  const response = await fetch(request);
  if (mayKeep(response)) later(rooms.keep(kind, request, response.clone()));
  return response;
}

function within(reached: Promise<Response | null>): Promise<Response | null> {
  return Promise.race([reached, new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))]);
}

function marked(copy: Response): Response {
  const headers = new Headers(copy.headers);
  headers.set(COPY_FROM, copy.headers.get('date') ?? '');
  return new Response(copy.body, { status: copy.status, statusText: copy.statusText, headers });
}
