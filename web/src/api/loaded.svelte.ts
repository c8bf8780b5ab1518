// Something read from the server for a page: its value, whether it is being read, and in words why it could not be.
import { problemWords } from './problem';

export class Loaded<Value> {
  value = $state.raw<Value | null>(null);
  busy = $state(false);
  fault = $state<string | null>(null);
  #asked = 0;

  /** Reads; an answer that comes after a later question is dropped. The old value stays until the new one is there. */
  async read(call: () => Promise<Value>): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    this.busy = true;
    this.fault = null;
    try {
      const value = await call();
      if (asked === this.#asked) this.value = value;
    } catch (thrown) {
      if (asked === this.#asked) this.fault = problemWords(thrown);
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }
}
