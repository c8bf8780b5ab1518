/** A reminder that was just sent, said in a toast with one press that takes it back while nobody has found it. */
import { signedIn } from '../../account/session.svelte';
import { post } from '../../api/client';
import { problemWords } from '../../api/problem';
import { uuidV7 } from '../../api/uuid';
import { toasts } from '../../ui/toasts.svelte';
import { tl } from './list_texts';

/** What can be taken back, and until when. */
export interface Sent {
  id: string | null;
  undo_until: string | null;
}

/** Milliseconds in which all parts can still be taken back; 0 when one of them cannot. */
export function heldFor(parts: readonly Sent[], now: number): number {
  const ends = parts.map((part) => (part.id === null || part.undo_until === null ? now : Date.parse(part.undo_until)));
  return ends.length === 0 ? 0 : Math.max(0, Math.min(...ends) - now);
}

/** Says that it was sent, with the way back; `onundone` reads the list anew. */
export function showSent(words: string, parts: readonly Sent[], onundone: () => void): void {
  const ids = parts.flatMap((part) => part.id ?? []);
  const left = heldFor(parts, Date.now());
  if (left === 0) toasts.show(words);
  else toasts.show(words, 'done', { words: tl('undo'), run: () => void takeBack(ids).then(onundone) }, left);
}

/** Takes back each part, or of it only what was sent about one site; says what came of it. */
export async function takeBack(ids: readonly string[], site?: number): Promise<void> {
  try {
    let sites = 0;
    for (const id of ids) {
      const taken = await signedIn(
        post<{ sites: number }>(`/api/reminders/${id}/undo`, site === undefined ? {} : { site_ids: [site] }, {
          idempotencyKey: uuidV7(),
        }),
      );
      sites += taken.sites;
    }
    toasts.show(tl('undone', { count: sites }));
  } catch (thrown) {
    toasts.show(problemWords(thrown), 'fault');
  }
}
