// Who is signed in, for both faces that need it. When the server says the session has ended, the page stays as it is and asks to sign in
// again over it; `signIns` counts up so that pages read again what they could not read.
import { get, post, remove } from '../api/client';
import { ApiProblem } from '../api/problem';
import { uuidV7 } from '../api/uuid';
import type { SessionView } from '../api/wire';

type Standing = 'asking' | 'unreachable' | 'out' | 'in' | 'ended';

let current = $state.raw<SessionView | null>(null);
let standing = $state<Standing>('asking');
let signIns = $state(0);

function began(view: SessionView): void {
  current = view;
  standing = 'in';
  signIns += 1;
}

export const session = {
  get current(): SessionView | null {
    return current;
  },
  get standing(): Standing {
    return standing;
  },
  get signIns(): number {
    return signIns;
  },

  /** Asks the server who this browser is. */
  async ask(): Promise<void> {
    standing = 'asking';
    try {
      began(await get<SessionView>('/api/session'));
    } catch (thrown) {
      standing = thrown instanceof ApiProblem && thrown.status === 401 ? 'out' : 'unreachable';
    }
  },

  /** Signs in; throws the server's ApiProblem. */
  async open(login: string, password: string): Promise<void> {
    const view = await post<SessionView>('/api/session', { login, password }, { idempotencyKey: uuidV7() });
    const other = current !== null && current.account.id !== view.account.id;
    began(view);
    // Another person signed in over the open page: nothing of the first may stay on it.
    if (other) location.reload();
  },

  /** Signs out; the page forgets the person even when the server cannot be told. */
  async close(): Promise<void> {
    try {
      await remove('/api/session');
    } finally {
      current = null;
      standing = 'out';
    }
  },
};

/** Passes a call's answer on and notices when the session has ended meanwhile. */
export async function signedIn<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (thrown) {
    if (thrown instanceof ApiProblem && thrown.status === 401 && standing === 'in') standing = 'ended';
    throw thrown;
  }
}
