// All drafts of the signed-in deputy, as the pages see them: one for each site, kept on the phone at every change, sent one after the
// other, and tried again when the app opens, comes to the front, the network returns, or a while has gone by. One tab sends at a time.
import { uuidV7 } from '../api/uuid';
import type { OwedSite } from '../api/wire';
import {
  findDraft,
  forgetAccount,
  forgetDraft,
  handIn,
  keepDraft,
  keepWords,
  listDrafts,
  StoreFault,
} from './draft_store';
import { announce, deliver, isUnfinished } from './queue';
import { begun, type Draft, edited, forMonth, handedIn, type Months, mayEdit, monthOf, upToDate } from './report/draft';
import { askToStay, scarceMegabytes } from './storage_room';
import { alone, inTurn, listen, tell } from './tabs';
import { transportOf } from './transport';

/** How long until the queue is tried again by itself: at first, and at most. */
const PATIENCE_MS = 20_000;
const LONGEST_PATIENCE_MS = 5 * 60_000;

let accountId = 0;
let drafts = $state.raw<ReadonlyMap<number, Draft>>(new Map());
let savedAt = $state.raw<Date | null>(null);
let fault = $state<StoreFault['code'] | null>(null);
let scarceMb = $state<number | null>(null);
let ready = $state(false);
let again: ReturnType<typeof setTimeout> | undefined;
let patienceMs = PATIENCE_MS;
const onTheirWay = new Set<number>();
/** Ids of drafts that were begun on this page and not changed by hand: nothing is lost with them. */
const untouched = new Set<string>();
/** What the server has had whole since this page was opened, by the draft's id, whichever tab sent it. */
const arrived = new Map<string, Draft>();

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

/** Shows and keeps; a phone that cannot keep says so and goes on, with the words at least where there is room for no picture. */
async function keep(draft: Draft, write: (draft: Draft) => Promise<unknown> = keepDraft): Promise<void> {
  show(draft);
  try {
    await write(draft);
    savedAt = new Date();
    fault = null;
    tell({ accountId: draft.accountId, siteId: draft.siteId });
  } catch (thrown) {
    fault = thrown instanceof StoreFault ? thrown.code : 'refused';
    await keepWords(draft).catch(() => undefined);
  }
}

/** What another tab has written takes the place of what this one shows, unless this one is sending it. */
listen(async (told) => {
  if (told.accountId !== accountId) return;
  if (told.received) arrived.set(told.received.id, told.received);
  if (onTheirWay.has(told.siteId)) return;
  if (told.received) {
    show(told.received);
    return;
  }
  const there = await findDraft(told.accountId, told.siteId);
  if (there && arrived.has(there.id)) return;
  if (there) show(there);
  else if (drafts.get(told.siteId)?.delivery.step !== 'received') hide(told.siteId);
});

/** The draft as it was kept last, where another tab has brought it further than this one knows. */
async function furthest(draft: Draft): Promise<Draft> {
  const kept = await findDraft(draft.accountId, draft.siteId);
  if (kept === null) return draft;
  return (kept.id === draft.id ? kept.receipt !== null && draft.receipt === null : isUnfinished(kept)) ? kept : draft;
}

const queueOf = (account: number) => `minsheng-queue-${account}`;

/** Sends one draft as far as it gets. The caller is the only one that sends. */
async function sendOne(draft: Draft): Promise<void> {
  const sent = arrived.get(draft.id) ?? (await deliver(await furthest(draft), transportOf(draft.accountId), keep));
  // Handed in here while the word of another tab's receipt was on its way, it has been refused as a second one of the same id.
  const after = arrived.get(sent.id) ?? sent;
  if (after.delivery.step !== 'received') return;
  arrived.set(after.id, after);
  show(after);
  await forgetDraft(after.accountId, after.siteId).catch(() => undefined);
  tell({ accountId: after.accountId, siteId: after.siteId, received: after });
}

/** Something said that now is the time, while what waits was just being tried: it is tried again as soon as that attempt has ended. */
let askedMeanwhile = false;

/** Sets the clock for the next attempt, while something waits that time alone can mend. */
function tryAgainLater(): void {
  clearTimeout(again);
  const waits = [...drafts.values()].flatMap(({ delivery }) =>
    delivery.step === 'waiting' && delivery.why !== 'signed_out' ? [1000 * (delivery.retryAfterS ?? 0)] : [],
  );
  const atOnce = askedMeanwhile;
  askedMeanwhile = false;
  if (waits.length === 0) {
    patienceMs = PATIENCE_MS;
    return;
  }
  again = setTimeout(() => void outbox.drain(), atOnce ? 0 : Math.max(patienceMs, ...waits));
  patienceMs = Math.min(2 * patienceMs, LONGEST_PATIENCE_MS);
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
  /** Why the phone did not keep the last change; null when it did. */
  get fault(): StoreFault['code'] | null {
    return fault;
  },
  /** Megabytes left on the phone, when they are few. */
  get scarceMb(): number | null {
    return scarceMb;
  },
  /** What this account left on the phone has been taken up. */
  get ready(): boolean {
    return ready;
  },
  /** Drafts sent but not yet wholly there. */
  get unsent(): number {
    return [...drafts.values()].filter(isUnfinished).length;
  },
  /** Every draft of the account that has not come to its end, those on their way before those being written. */
  get all(): Draft[] {
    const rank = (draft: Draft) => (isUnfinished(draft) ? 1 : draft.delivery.step === 'refused' ? 0 : 2);
    const open = [...drafts.values()].filter(({ id, delivery }) => delivery.step !== 'received' && !untouched.has(id));
    return open.sort((one, other) => rank(one) - rank(other) || one.writtenAt.localeCompare(other.writtenAt));
  },
  of(siteId: number): Draft | null {
    return drafts.get(siteId) ?? null;
  },

  /** Takes up what this account left on the phone; what the page already holds of it is newer and stays. */
  async open(account: number): Promise<void> {
    if (account !== accountId) {
      drafts = new Map();
      arrived.clear();
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
    const next = edited(draft, part, new Date(), uuidV7());
    if (untouched.has(draft.id)) show(next);
    else await keep(next);
    if ('photos' in part) {
      askToStay();
      scarceMb = await scarceMegabytes();
    }
  },

  /** Keeps once more what the phone refused to keep. */
  async keepAgain(): Promise<void> {
    for (const draft of drafts.values())
      if (!untouched.has(draft.id) && draft.delivery.step !== 'received') await keep(draft);
  },

  /** Sends as far as it gets, after what is being sent already; a second call while one is under way does nothing. */
  async send(siteId: number): Promise<void> {
    const draft = drafts.get(siteId);
    if (!draft || draft.accountId !== accountId || onTheirWay.has(siteId)) return;
    onTheirWay.add(siteId);
    try {
      let sending = handedIn(draft, new Date());
      await keep(sending, async (mine) => {
        sending = await handIn(mine);
      });
      show(sending);
      await inTurn(queueOf(draft.accountId), () => sendOne(sending));
    } finally {
      onTheirWay.delete(siteId);
      tryAgainLater();
    }
  },

  /** Sends everything that was left under way, the reports in one call and then their pictures; whether any of it came to an end. */
  async drain(): Promise<boolean> {
    const left = [...drafts.values()].filter((draft) => isUnfinished(draft) && !onTheirWay.has(draft.siteId));
    if (left.length === 0) {
      askedMeanwhile = onTheirWay.size > 0;
      return false;
    }
    for (const { siteId } of left) onTheirWay.add(siteId);
    try {
      await alone(queueOf(accountId), async () => {
        const furthered = await Promise.all(left.map(furthest));
        const announced = await announce(furthered, transportOf(left[0]?.accountId ?? accountId), keep);
        const alreadyTold = furthered.filter(({ receipt }) => receipt === null).length > 1;
        // Where the line was dead or a report was refused, the next attempt is a matter of time or of the deputy.
        for (const draft of announced)
          if (!alreadyTold || draft.receipt !== null || draft.delivery.step === 'sending') await sendOne(draft);
      });
    } finally {
      for (const { siteId } of left) onTheirWay.delete(siteId);
      tryAgainLater();
    }
    return left.some(({ siteId }) => {
      const after = drafts.get(siteId);
      return after !== undefined && !isUnfinished(after);
    });
  },

  /** Forgets what the phone keeps for the account that signs out; its drafts only when that was asked for. */
  async leave(alsoDrafts: boolean): Promise<void> {
    clearTimeout(again);
    await forgetAccount(accountId, alsoDrafts);
    drafts = new Map();
    arrived.clear();
    accountId = 0;
    ready = false;
  },

  /** Throws a draft away, or lets go of one whose receipt has been read. */
  async drop(siteId: number): Promise<void> {
    hide(siteId);
    await forgetDraft(accountId, siteId).catch(() => undefined);
    tell({ accountId, siteId });
  },
};
