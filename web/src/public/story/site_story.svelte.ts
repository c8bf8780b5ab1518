// The story of one site: read when its panel opens and again whenever the site changes.
import { problemWords } from '../../api/problem';
import { readStory } from '../../api/public_map';
import type { Story } from '../../api/wire';

export class SiteStory {
  value = $state.raw<Story | null>(null);
  fault = $state<string | null>(null);

  readonly #siteId: number;
  #reading: AbortController | null = null;

  constructor(siteId: number) {
    this.#siteId = siteId;
  }

  /** Reads it; what is already shown stays until the new answer is there. */
  async read(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.fault = null;
    try {
      const story = await readStory(this.#siteId, { signal: reading.signal });
      if (!reading.signal.aborted) this.value = story;
    } catch (thrown) {
      if (!reading.signal.aborted) this.fault = problemWords(thrown);
    }
  }

  stop(): void {
    this.#reading?.abort();
  }
}
