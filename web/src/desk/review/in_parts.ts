// Very many sites asked about in parts: a few calls at a time, each answer counted as it comes, and nothing more asked once nobody waits for it.

/** Parts that are asked about at the same time: enough that the line is never idle, few enough that others are served between. */
const AT_ONCE = 3;

export interface Watch {
  /** Told after each part how many items are done. */
  told?: (done: number) => void;
  /** Ends it: nothing further is asked, and what was answered is dropped. */
  signal?: AbortSignal;
}

/** What `ask` answers for each part of at most `size` items, in the order of the items. The first fault ends it. */
export async function inParts<Item, Answer>(
  items: readonly Item[],
  size: number,
  ask: (part: readonly Item[]) => Promise<Answer>,
  { told, signal }: Watch = {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const parts = Math.ceil(items.length / size);
  let [next, done] = [0, 0];
  const work = async () => {
    while (next < parts) {
      const at = next;
      next += 1;
      const part = items.slice(at * size, (at + 1) * size);
      try {
        signal?.throwIfAborted();
        answers[at] = await ask(part);
      } catch (thrown) {
        next = parts;
        throw thrown;
      }
      done += part.length;
      told?.(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, parts) }, work));
  signal?.throwIfAborted();
  return answers;
}
