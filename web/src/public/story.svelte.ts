// The story of one site: its details, reports and stage history, read when its panel opens and again whenever the site changes.
import { problemWords } from '../api/problem';
import { readHistory, readReports, readSite } from '../api/public_map';
import type { ReportView, SiteDetail, StageChange } from '../api/wire';

export class SiteStory {
  detail = $state.raw<SiteDetail | null>(null);
  reports = $state.raw<ReportView[]>([]);
  history = $state.raw<StageChange[]>([]);
  loading = $state(true);
  fault = $state<string | null>(null);
  /** The cursor of earlier reports, when there are more. */
  next = $state<string | null>(null);
  loadingMore = $state(false);

  readonly #siteId: number;
  #reading: AbortController | null = null;

  constructor(siteId: number) {
    this.#siteId = siteId;
  }

  /** Reads everything; what is already shown stays until the new answer is there. */
  async read(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const options = { signal: reading.signal };
    try {
      const [detail, reports, history] = await Promise.all([
        readSite(this.#siteId, options),
        readReports(this.#siteId, null, options),
        readHistory(this.#siteId, options),
      ]);
      if (reading.signal.aborted) return;
      this.detail = detail;
      this.reports = reports.items;
      this.next = reports.next;
      this.history = history.items;
      this.fault = null;
    } catch (thrown) {
      if (!reading.signal.aborted) this.fault = problemWords(thrown);
    } finally {
      if (!reading.signal.aborted) this.loading = false;
    }
  }

  async readMore(): Promise<void> {
    this.loadingMore = true;
    try {
      const page = await readReports(this.#siteId, this.next);
      this.reports = [...this.reports, ...page.items];
      this.next = page.next;
    } catch (thrown) {
      this.fault = problemWords(thrown);
    } finally {
      this.loadingMore = false;
    }
  }

  stop(): void {
    this.#reading?.abort();
  }
}
