// One challenge being written and sent: what the form shows, kept in this browser with every change.
import type { ApiProblem, FieldProblem } from '../api/problem';
import { uuidV7 } from '../api/uuid';
import type { SiteView } from '../api/wire';
import { type Draft, frozen, type Kept, keptOf, newDraft } from './draft';
import { againAt, send } from './sending';
import { findDraft, forgetDraft, keepDraft, keepReceipt } from './shelf';

const KEEP_AFTER_MS = 400;

/** Why it was not taken, in words. */
export interface Refusal {
  words: string;
  fields: FieldProblem[];
  /** The time of day from which it may be sent again. */
  later: string | null;
  /** What lies under its key is another content. */
  lostKey: boolean;
}

export class Writing {
  draft = $state.raw<Draft>() as Draft;
  sending = $state(false);
  /** It was sent and nobody knows whether it arrived. */
  isLost = $state(false);
  /** Whether the browser keeps it; null while nothing was written. */
  isKept = $state<boolean | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  received = $state.raw<{ kept: Kept; isKept: boolean } | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(draft: Draft) {
    this.draft = draft;
    this.isLost = draft.sent !== null;
  }

  /** The site's draft of this browser, or a new one. */
  static async of(site: Pick<SiteView, 'id' | 'code' | 'name'>): Promise<Writing> {
    const found = await findDraft(site.id);
    const writing = new Writing(found ?? newDraft(site, uuidV7(), Date.now()));
    if (found) writing.isKept = true;
    return writing;
  }

  change(change: Partial<Draft>): void {
    if (this.draft.sent) return;
    this.draft = { ...this.draft, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keep(), KEEP_AFTER_MS);
  }

  async keep(): Promise<void> {
    clearTimeout(this.#timer);
    this.isKept = await keepDraft(this.draft);
  }

  /** Sends it, or sends it again as it was. */
  async send(): Promise<void> {
    if (this.sending || this.received) return;
    this.sending = true;
    this.refusal = null;
    try {
      this.draft = frozen(this.draft, Date.now());
      // Before it goes: a page closed in the middle must send the same again, and not another one.
      await this.keep();
      const outcome = await send(this.draft);
      if (outcome.kind === 'received') await this.#receive(keptOf(this.draft, outcome.receipt));
      else if (outcome.kind === 'refused') await this.#refused(outcome.problem);
      else this.isLost = true;
    } finally {
      this.sending = false;
    }
  }

  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    await forgetDraft(this.draft);
  }

  async #receive(kept: Kept): Promise<void> {
    const isKept = await keepReceipt(kept);
    await forgetDraft(this.draft, kept.waiting);
    this.received = { kept, isKept };
  }

  async #refused(problem: ApiProblem): Promise<void> {
    const lostKey = problem.code === 'key_reused' || problem.fields.some((field) => field.code === 'key_reused');
    this.isLost = false;
    this.refusal = { words: problem.message, fields: problem.fields, later: againAt(problem), lostKey };
    this.draft = { ...this.draft, sent: null, key: lostKey ? uuidV7() : this.draft.key };
    await this.keep();
  }
}
