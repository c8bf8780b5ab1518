// Who is signed in, for both faces that need it. When the server says the session has ended, the page stays as it is and asks to sign in
// again over it; `signIns` counts up so that pages read again what they could not read.
import { get, post, remove } from '../api/client';
import { ApiProblem, problemWords } from '../api/problem';
import { uuidV7 } from '../api/uuid';
import type { SessionView } from '../api/wire';
import { toasts } from '../ui/toasts.svelte';
import type { Memory } from './remembered';
import { isStep, type NextStep } from './second_factor';

/** `offline`: the server cannot be asked who this is, and the face goes by what it remembers. `left`: signed out for want of use; the page
 * waits unseen for whoever signs in again. */
type Standing = 'asking' | 'unreachable' | 'out' | 'in' | 'ended' | 'offline' | 'left';

let current = $state.raw<SessionView | null>(null);
let standing = $state<Standing>('asking');
let signIns = $state(0);
/** Whose things the page may still hold, also after signing out. */
let lastAccount: number | null = null;
let memory: Memory | null = null;

function began(view: SessionView): void {
  const other = lastAccount !== null && lastAccount !== view.account.id;
  lastAccount = view.account.id;
  memory?.write(view);
  current = view;
  standing = 'in';
  signIns += 1;
  // Another person signed in over the open page: nothing of the first may stay on it.
  if (other) location.reload();
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

  /** From now on this face opens without network, as whoever is remembered. */
  remember(place: Memory): void {
    memory = place;
  },

  /** Asks the server who this browser is. A face that remembers goes on meanwhile, and while there is no network. */
  async ask(): Promise<void> {
    const known = current ?? memory?.read() ?? null;
    if (memory && known) {
      if (current === null) signIns += 1;
      [current, lastAccount] = [known, known.account.id];
      if (standing !== 'in' && standing !== 'offline') standing = 'asking';
    } else standing = 'asking';
    try {
      began(await get<SessionView>('/api/session'));
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.status !== 401) {
        standing = memory && known ? 'offline' : 'unreachable';
        return;
      }
      memory?.write(null);
      // An open page keeps what is on it; one that was only remembered asks to sign in over it.
      standing = memory && known ? 'ended' : 'out';
    }
  },

  /** Signs in, or says what else is asked for; throws the server's ApiProblem. */
  async open(login: string, password: string): Promise<NextStep | null> {
    const body = { login, password };
    const answer = await post<SessionView | NextStep>('/api/session', body, { idempotencyKey: uuidV7() });
    if (isStep(answer)) return answer;
    began(answer);
    return null;
  },

  /** The last step of signing in has been taken. */
  arrive(view: SessionView): void {
    began(view);
  },

  /** Signs out for want of use. What is on the page stays, unseen, for the same person. */
  async leave(): Promise<void> {
    standing = 'left';
    // Where the server cannot be told, its own limit ends the session.
    await remove('/api/session').catch(() => undefined);
  },

  /** Whose session this browser holds now: another tab may have signed in somebody else, and then the page begins afresh. */
  async whoIsThere(): Promise<number> {
    const view = await signedIn(get<SessionView>('/api/session'));
    if (lastAccount !== view.account.id) began(view);
    return view.account.id;
  },

  /** Signs out. While the server does not know of it the session lives on, so the page stays and says so. */
  async close(): Promise<void> {
    try {
      await remove('/api/session');
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem && thrown.status === 401)) {
        toasts.show(problemWords(thrown), 'fault');
        return;
      }
    }
    memory?.write(null);
    current = null;
    standing = 'out';
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
