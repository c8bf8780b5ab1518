// All drafts of the signed-in deputy, as the pages see them: one for each site, kept on the phone at every change, sent one after the
// other, and tried again when the app opens, comes to the front, or the network returns.
import { uuidV7 } from '../api/uuid';
import type { OwedSite } from '../api/wire';
import { forgetDraft, keepDraft, listDrafts } from './draft_store';
import { deliver, isUnfinished } from './queue';
import { begun, type Draft, edited } from './report/draft';
import { transport } from './transport';

let accountId = 0;
let drafts = $state.raw<ReadonlyMap<number, Draft>>(new Map());
let savedAt = $state.raw<Date | null>(null);
let storeFull = $state(false);
const onTheirWay = new Set<number>();

function show(draft: Draft): void {
  drafts = new Map(drafts).set(draft.siteId, draft);
}

function hide(siteId: number): void {
  const rest = new Map(drafts);
  rest.delete(siteId);
  drafts = rest;
}

/** Shows and keeps; a phone that cannot keep says so and goes on. */
async function keep(draft: Draft): Promise<void> {
  show(draft);
  try {
    await keepDraft(draft);
    savedAt = new Date();
    storeFull = false;
  } catch {
    storeFull = true;
  }
}

export const outbox = {
  /** When the last change was kept on the phone. */
  get savedAt(): Date | null {
    return savedAt;
  },
  /** The phone refuses to keep drafts. */
  get storeFull(): boolean {
    return storeFull;
  },
  /** Drafts sent but not yet wholly there. */
  get unsent(): number {
    return [...drafts.values()].filter(isUnfinished).length;
  },
  of(siteId: number): Draft | null {
    return drafts.get(siteId) ?? null;
  },

  /** Takes up what this account left on the phone. */
  async open(account: number): Promise<void> {
    accountId = account;
    const kept = await listDrafts(account);
    drafts = new Map(kept.map((draft) => [draft.siteId, draft]));
  },

  /** The draft of a site, begun now when there is none. */
  begin(owed: OwedSite): Draft {
    const there = drafts.get(owed.site.id);
    if (there) return there;
    const draft = begun(owed, accountId, uuidV7(), new Date());
    show(draft);
    return draft;
  },

  async change(siteId: number, change: Partial<Draft>): Promise<void> {
    const draft = drafts.get(siteId);
    if (draft) await keep(edited(draft, change, new Date(), uuidV7()));
  },

  /** Sends as far as it gets; a second call while one is under way does nothing. */
  async send(siteId: number): Promise<void> {
    const draft = drafts.get(siteId);
    if (!draft || onTheirWay.has(siteId)) return;
    onTheirWay.add(siteId);
    try {
      const after = await deliver(draft, transport, keep);
      if (after.delivery.step === 'received') await forgetDraft(after.accountId, siteId).catch(() => undefined);
    } finally {
      onTheirWay.delete(siteId);
    }
  },

  /** Sends everything that was left under way. */
  async drain(): Promise<void> {
    for (const draft of [...drafts.values()].filter(isUnfinished)) await outbox.send(draft.siteId);
  },

  /** Throws a draft away, or lets go of one whose receipt has been read. */
  async drop(siteId: number): Promise<void> {
    hide(siteId);
    await forgetDraft(accountId, siteId).catch(() => undefined);
  },
};
