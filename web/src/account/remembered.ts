/**
 * Who was signed in last on this phone, for a face that opens without network. It gives no right to anything: the server asks for the
 * session as ever. Forgotten at sign-out, and when the server says that the session has ended.
 */
import type { SessionView } from '../api/wire';

const KEY = 'minsheng.deputy.signed_in';

export interface Memory {
  read(): SessionView | null;
  write(view: SessionView | null): void;
}

/** In the browser's own small store; a browser without one remembers nobody. */
export const remembered: Memory = {
  read() {
    try {
      const view = JSON.parse(localStorage.getItem(KEY) ?? 'null') as SessionView | null;
      return typeof view?.account?.id === 'number' && Array.isArray(view.grants) ? view : null;
    } catch {
      return null;
    }
  },
  write(view) {
    try {
      if (view) localStorage.setItem(KEY, JSON.stringify(view));
      else localStorage.removeItem(KEY);
    } catch {
      // Then the next opening needs the network.
    }
  },
};
