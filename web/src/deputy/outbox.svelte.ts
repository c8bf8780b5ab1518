// All drafts of the signed-in deputy, as the pages see them: one for each site, kept on the phone at every change, sent one after the
// other, and tried again when the app opens, comes to the front, or the network returns.
import { uuidV7 } from '../api/uuid';
import type { OwedSite } from '../api/wire';
import { forgetDraft, keepDraft, listDrafts } from './draft_store';
import { deliver, isUnfinished } from './queue';
import { begun, type Draft, edited, forMonth, type Months, mayEdit, monthOf, upToDate } from './report/draft';
import { transportOf } from './transport';

let accountId = 0;
let drafts = $state.raw<ReadonlyMap<number, Draft>>(new Map());
let savedAt = $state.raw<Date | null>(null);
let storeFull = $state(false);
let ready = $state(false);
const onTheirWay = new Set<number>();
/** Ids of drafts that were begun on this page and not changed by hand: nothing is lost with them. */
const untouched = new Set<string>();

/** A draft of somebody who has signed out meanwhile is not shown to whoever came after. */
function show(draft: Draft): void {
  if (draft.accountId !== accountId) return;
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

/** Whether a fresh draft takes the place of this one as the page is entered. */
function givesWay(draft: Draft, asked: string | undefined, months: Months, entered: boolean): boolean {
  if (!entered) return false;
  return (
    draft.delivery.step === 'received' || (untouched.has(draft.id) && draft.month !== monthOf(null, asked, months))
  );
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
  /** What this account left on the phone has been taken up. */
  get ready(): boolean {
    return ready;
  },
  /** Drafts sent but not yet wholly there. */
  get unsent(): number {
    return [...drafts.values()].filter(isUnfinished).length;
  },
  of(siteId: number): Draft | null {
    return drafts.get(siteId) ?? null;
  },

  /** Takes up what this account left on the phone; what the page already holds of it is newer and stays. */
  async open(account: number): Promise<void> {
    if (account !== accountId) {
      drafts = new Map();
      savedAt = null;
      ready = false;
      accountId = account;
    }
    const kept = await listDrafts(account);
    if (account !== accountId) return;
    drafts = new Map([...kept.map((draft) => [draft.siteId, draft] as const), ...drafts]);
    ready = true;
  },

  /** The month a report on the site is for: that of its draft, unless the draft gives way to what is `asked` for. */
  monthOf(siteId: number, asked: string | undefined, months: Months, entered: boolean): string {
    const there = drafts.get(siteId) ?? null;
    return monthOf(there && givesWay(there, asked, months, entered) ? null : there, asked, months);
  },

  /**
   * The draft of a site, begun now for the `asked` month when there is none. One still being written learns how the site stands by
   * now; one that was received, or begun for another month and left as it was, gives way when the page is `entered` again.
   */
  begin(owed: OwedSite, asked: string | undefined, months: Months, entered = false): Draft {
    const there = drafts.get(owed.site.id);
    if (there && !givesWay(there, asked, months, entered)) {
      const current = upToDate(there, owed, months);
      if (current !== there) show(current);
      if (current !== there && !untouched.has(there.id)) void keep(current);
      return current;
    }
    const draft = begun(owed, forMonth(monthOf(null, asked, months), months), accountId, uuidV7(), new Date());
    untouched.add(draft.id);
    show(draft);
    return draft;
  },

  /** Changes by hand; one that comes late, when the draft is gone or on its way, changes nothing. */
  async change(siteId: number, change: Partial<Draft> | ((draft: Draft) => Partial<Draft>)): Promise<void> {
    const draft = drafts.get(siteId);
    if (!draft || !mayEdit(draft)) return;
    const part = typeof change === 'function' ? change(draft) : change;
    // The place is found without anybody doing anything.
    if (Object.keys(part).some((member) => member !== 'position')) untouched.delete(draft.id);
    await keep(edited(draft, part, new Date(), uuidV7()));
  },

  /** Sends as far as it gets; a second call while one is under way does nothing. */
  async send(siteId: number): Promise<void> {
    const draft = drafts.get(siteId);
    if (!draft || draft.accountId !== accountId || onTheirWay.has(siteId)) return;
    onTheirWay.add(siteId);
    try {
      const after = await deliver(draft, transportOf(draft.accountId), keep);
      if (after.delivery.step === 'received') await forgetDraft(after.accountId, siteId).catch(() => undefined);
    } finally {
      onTheirWay.delete(siteId);
    }
  },

  /** Sends everything that was left under way; whether any of it came to an end. */
  async drain(): Promise<boolean> {
    const left = [...drafts.values()].filter(isUnfinished);
    for (const draft of left) await outbox.send(draft.siteId);
    return left.some(({ siteId }) => {
      const after = drafts.get(siteId);
      return after !== undefined && !isUnfinished(after);
    });
  },

  /** Throws a draft away, or lets go of one whose receipt has been read. */
  async drop(siteId: number): Promise<void> {
    hide(siteId);
    await forgetDraft(accountId, siteId).catch(() => undefined);
  },
};
