/**
 * A challenge being written: pure rules, no storage and no network.
 * The rule kept here: its key is made once; when it has been sent into an uncertain network its content is frozen, so that every further
 * attempt carries exactly the same key and body, and no challenge is there twice.
 */
import type { ChallengeReceipt, NewChallenge, SiteView, Stage } from '../api/wire';
import type { PreparedPicture } from '../pictures/picture';

export type Seen = Stage | 'unsure';

/** What this browser keeps of a challenge until its receipt is there. */
export interface Draft {
  siteId: number;
  siteCode: string;
  siteName: string;
  key: string;
  seen: Seen | null;
  words: string;
  photos: PreparedPicture[];
  position: NewChallenge['position'];
  website: string;
  openedAt: number;
  /** The body as it was sent, while nobody knows whether it arrived. */
  sent: NewChallenge | null;
}

/** What this browser keeps of a challenge that has arrived. */
export interface Kept extends Pick<ChallengeReceipt, 'number' | 'secret' | 'submitted_at'> {
  siteId: number;
  siteCode: string;
  siteName: string;
  /** Pictures still to be sent. */
  waiting: string[];
  /** Pictures the server would not take, and why. */
  refused: { sha256: string; words: string }[];
}

/** What still keeps a draft from being sent, in the order of the form. */
export type Lack = 'seen' | 'words';

export const MAX_PHOTOS = 3;
export const LEAST_WORDS = 5;
export const MOST_WORDS = 500;
const LONGEST_MS = 2 ** 32 - 1;

export function newDraft(site: Pick<SiteView, 'id' | 'code' | 'name'>, key: string, now: number): Draft {
  const of = { siteId: site.id, siteCode: site.code, siteName: site.name };
  return { ...of, key, seen: null, words: '', photos: [], position: null, website: '', openedAt: now, sent: null };
}

/** Characters as a person counts them. */
export function lengthOf(words: string): number {
  return [...words.trim()].length;
}

export function lacksOf(draft: Draft): Lack[] {
  const length = lengthOf(draft.words);
  const lacks: Lack[] = [];
  if (draft.seen === null) lacks.push('seen');
  if (length < LEAST_WORDS || length > MOST_WORDS) lacks.push('words');
  return lacks;
}

/** The draft with its body fixed; sent again, it is what was sent before. */
export function frozen(draft: Draft, now: number): Draft & { sent: NewChallenge } {
  if (draft.sent) return { ...draft, sent: draft.sent };
  const { seen, words, photos, position, website, openedAt } = draft;
  const sent: NewChallenge = {
    seen: seen === 'unsure' ? null : seen,
    words: words.trim(),
    photos: photos.map((photo) => photo.sha256),
    position,
    website,
    filled_ms: Math.min(LONGEST_MS, Math.max(0, Math.round(now - openedAt))),
  };
  return { ...draft, sent };
}

/** What is kept once the receipt is there. */
export function keptOf(draft: Draft, receipt: ChallengeReceipt): Kept {
  const { number, secret, submitted_at, missing_photos } = receipt;
  const { siteId, siteCode, siteName } = draft;
  return { number, secret, submitted_at, siteId, siteCode, siteName, waiting: missing_photos, refused: [] };
}

/** Whether the words hold what looks like a telephone number or an identity number: nobody asks for it, and it should not be written. */
export function namesSomebody(words: string): boolean {
  const digits = words.normalize('NFKC').replace(/(\d)[ -]+(?=\d)/g, '$1');
  return /(?:^|\D)1[3-9]\d{9}(?!\d)/.test(digits) || /(?:^|\D)\d{17}[\dXx](?!\d)/.test(digits);
}

/** Number and secret as they are compared: no blanks, no hyphens, capitals, and what is easily mistaken read as meant. */
export function asTyped(text: string): string {
  const plain = text.normalize('NFKC').toUpperCase();
  return plain
    .replace(/[\s\-–—]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}
