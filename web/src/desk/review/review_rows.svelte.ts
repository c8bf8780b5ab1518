// The review list of any length: its order is read whole, its rows as they come into view. What was read stays until something newer is there.
import { SvelteMap } from 'svelte/reactivity';
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import { Loaded } from '../../api/loaded.svelte';
import type { ReviewOutline, ReviewPage, ReviewRow, SiteEvent } from '../../api/wire';
import { afterEvent } from './after_event';
import { inParts } from './in_parts';
import { NO_FILTERS, type ReviewFilters } from './review_filters';

/** Rows that are drawn together: few, so that drawing them fits between two frames. */
export const CHUNK = 20;
/** Most rows that one question names. */
const MOST_NAMED = 500;

export class ReviewRows {
  readonly outline = new Loaded<ReviewOutline>();
  readonly #rows = new SvelteMap<number, ReviewRow>();
  #fresh = new Set<number>();
  #asked = new Map<number, Promise<void>>();
  fault = $state<string | null>(null);

  get ids(): readonly number[] {
    return this.outline.value?.site_ids ?? [];
  }

  readonly #ranks = $derived(new Map(this.ids.map((id, at) => [id, this.outline.value?.ranks?.[at] ?? at + 1])));

  /** Its place in the reader's whole list, whatever filters and order are shown. */
  rank(id: number): number {
    return this.#ranks.get(id) ?? 0;
  }

  row(id: number): ReviewRow | undefined {
    return this.#rows.get(id);
  }

  /** Reads the order under these filters; rows in view are then asked for anew. */
  async read(filters: ReviewFilters): Promise<void> {
    await this.outline.read(() => signedIn(get<ReviewOutline>('/api/review/outline', { ...NO_FILTERS, ...filters })));
    this.#fresh = new Set();
    this.#asked = new Map();
  }

  /** Makes sure that the rows of these sites are here and of today; tells how many of those that were not are. */
  async need(ids: readonly number[], told?: (done: number, count: number) => void): Promise<void> {
    const waiting = new Set(ids.map((id) => this.#asked.get(id)).filter((each) => each !== undefined));
    const missing = ids.filter((id) => !this.#fresh.has(id) && !this.#asked.has(id));
    const ask = (part: readonly number[]) => {
      const reading = this.#readRows(part);
      for (const id of part) this.#asked.set(id, reading);
      return reading;
    };
    await Promise.all([
      ...waiting,
      inParts(missing, MOST_NAMED, ask, { told: (done) => told?.(done, missing.length) }),
    ]);
  }

  /** The rows of these sites, read as far as they are not here. */
  async all(ids: readonly number[], told?: (done: number, count: number) => void): Promise<ReviewRow[]> {
    await this.need(ids, told);
    return ids.map((id) => this.#rows.get(id)).filter((row) => row !== undefined);
  }

  /** What a live event changes at once, before the list is read again. */
  take(event: SiteEvent): void {
    const row = this.#rows.get(event.id);
    const [changed] = row ? afterEvent([row], event) : [];
    if (changed) this.#rows.set(event.id, changed);
  }

  async #readRows(ids: readonly number[]): Promise<void> {
    const asked = this.#asked;
    try {
      const page = await signedIn(
        get<ReviewPage>('/api/review', { sites: ids.join(','), limit: ids.length, unranked: true }),
      );
      for (const row of page.items) this.#rows.set(row.site_id, row);
      for (const id of ids) this.#fresh.add(id);
    } finally {
      for (const id of ids) asked.delete(id);
    }
  }
}
