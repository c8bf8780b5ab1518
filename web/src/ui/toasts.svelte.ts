// Short messages about what has just happened. They stay long enough to be read and can be closed; nothing important is said only here.
export interface Toast {
  id: number;
  kind: 'done' | 'fault';
  words: string;
  /** What can be done about it while it is shown. */
  act?: { words: string; run: () => void } | undefined;
}

const SHOWN_MS = 6000;

let shown = $state<Toast[]>([]);
let lastId = 0;

export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
  /** `forMs` keeps it as long as its act can be done. */
  show(words: string, kind: Toast['kind'] = 'done', act?: Toast['act'], forMs = act ? 2 * SHOWN_MS : SHOWN_MS): void {
    lastId += 1;
    const id = lastId;
    shown = [...shown, { id, kind, words, act }];
    setTimeout(() => toasts.close(id), forMs);
  },
  close(id: number): void {
    shown = shown.filter((toast) => toast.id !== id);
  },
};
