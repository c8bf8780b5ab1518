/**
 * A report being written: pure rules, no storage and no network.
 * The rule kept here: the id is made once; when the report has been sent into an uncertain network its content is
 * frozen, so that every further attempt carries exactly the same id and body.
 */
import type { NewReport, OwedSite, ReportReceipt, ReportView, Stage } from '../../api/wire';
import { namesAPerson } from '../../privacy/personal_numbers';

/** One picture as it will be sent: compressed bytes and the hash that names them. */
export interface DraftPhoto {
  sha256: string;
  /** Null for a picture taken over from the report that is being amended: the server has it. */
  blob: Blob | null;
  /** Where the server shows it, when it has it. */
  thumbnailUrl: string | null;
  width: number | null;
  height: number | null;
  /** Its bytes lie beside the draft on the phone. */
  kept?: boolean;
  /** They should, and the phone has lost them. */
  lost?: boolean;
}

/** A picture the server would not take, and why; the report itself stands without it. */
export interface NotTaken {
  sha256: string;
  words: string;
}

/** Where a draft stands on its way to the server. */
export type Delivery =
  | { step: 'editing' }
  | { step: 'sending' }
  | { step: 'waiting'; why: 'network' | 'busy' | 'signed_out'; retryAfterS: number | null }
  | { step: 'refused'; words: string; fields: FieldFault[]; code?: string }
  | { step: 'received' };

/** A field the server found fault with, its stable code and its sentence. */
export interface FieldFault {
  field: string;
  code?: string;
  message: string;
}

/** Everything the phone keeps about one report until its last picture has arrived. */
export interface Draft {
  id: string;
  accountId: number;
  siteId: number;
  siteCode: string;
  siteName: string;
  stageBefore: Stage;
  /** The report this one replaces within the month, if any. */
  amends: string | null;
  /** The month it is for, as the form says and the body carries; a draft kept before there was a choice has none. */
  month?: string;
  /** That month had closed when it was chosen: a late report. */
  isLate?: boolean;
  /** The month it was begun for, when that one takes no report any more. */
  movedFrom?: string | null;
  stage: Stage | null;
  percent: number;
  words: string;
  problems: string[];
  photos: DraftPhoto[];
  position: NewReport['position'];
  stepBackReason: string;
  /** The last change by hand, or the press of the button; RFC 3339, frozen with the body. */
  writtenAt: string;
  delivery: Delivery;
  receipt: ReportReceipt | null;
  notTaken?: NotTaken[];
}

/** What still keeps a draft from being sent, in the order the form shows it. */
export type Lack = 'stage' | 'photo' | 'step_back_reason' | 'percent' | 'public_words' | 'public_reason';

export const MAX_PHOTOS = 9;
export const MAX_WORDS = 2000;
export const MAX_REASON = 500;

const ORDER: Record<Stage, number> = { not_started: 0, in_progress: 1, completed: 2 };

/** The months a report on a site may be for: the open one and, while it is still owed and takes late reports, the one before. */
export interface Months {
  open: string;
  late: string | null;
}

/** The month a draft is for by now: its own while that takes reports; without a draft the one `asked` for. */
export function monthOf(draft: Pick<Draft, 'month'> | null, asked: string | undefined, { open, late }: Months): string {
  const wanted = draft ? draft.month : asked;
  return wanted !== undefined && wanted === late ? late : open;
}

/** What a draft has to know of the month it is for. */
export function forMonth(month: string, { late }: Months): { month: string; isLate: boolean } {
  return { month, isLate: month === late };
}

/** The draft, still being written, beside the site as it stands by now: stage, report and open months may have changed meanwhile. */
export function upToDate(draft: Draft, { site, report }: OwedSite, months: Months): Draft {
  if (!mayEdit(draft)) return draft;
  const amends = report?.id ?? null;
  const month = monthOf(draft, undefined, months);
  const { isLate } = forMonth(month, months);
  const same = draft.month === month && (draft.isLate ?? false) === isLate;
  if (same && draft.stageBefore === site.stage && draft.amends === amends) return draft;
  const moved = draft.month !== undefined && draft.month !== month ? { movedFrom: draft.month } : {};
  return { ...draft, ...moved, month, isLate, stageBefore: site.stage, amends };
}

/** Whether the draft puts the site back to an earlier stage. */
export function stepsBack(draft: Pick<Draft, 'stage' | 'stageBefore'>): boolean {
  return draft.stage !== null && ORDER[draft.stage] < ORDER[draft.stageBefore];
}

/** Whether the draft changes the site's stage, which needs a picture. */
export function changesStage(draft: Pick<Draft, 'stage' | 'stageBefore'>): boolean {
  return draft.stage !== null && draft.stage !== draft.stageBefore;
}

/** A fresh draft for a site and month: empty, or filled from that month's report when that one is amended or was returned. */
export function begun(
  owed: OwedSite,
  month: Pick<Draft, 'month' | 'isLate'>,
  accountId: number,
  id: string,
  now: Date,
): Draft {
  const { site, report } = owed;
  const blank = { percent: site.percent, words: '', problems: [], photos: [], amends: null, stage: null };
  return {
    id,
    accountId,
    siteId: site.id,
    siteCode: site.code,
    siteName: site.name,
    stageBefore: site.stage,
    ...(report ? takenOver(report) : blank),
    ...month,
    position: null,
    stepBackReason: '',
    writtenAt: now.toISOString(),
    delivery: { step: 'editing' },
    receipt: null,
  };
}

function takenOver(report: ReportView): Pick<Draft, 'percent' | 'words' | 'problems' | 'photos' | 'amends' | 'stage'> {
  const there = report.photos.filter((photo) => !photo.missing);
  return {
    percent: report.percent,
    words: report.words,
    problems: [...report.problems],
    photos: there.map(({ sha256, thumbnail_url, width, height }) => {
      return { sha256, blob: null, thumbnailUrl: thumbnail_url, width, height };
    }),
    amends: report.id,
    stage: report.stage,
  };
}

/** One picture more, unless it is there already or there is no room for it. */
export function withPhoto({ photos }: Draft, photo: DraftPhoto): Pick<Draft, 'photos'> {
  const there = photos.some((each) => each.sha256 === photo.sha256);
  return { photos: there || photos.length >= MAX_PHOTOS ? photos : [...photos, photo] };
}

/** One picture less. */
export function withoutPhoto({ photos }: Draft, photo: DraftPhoto): Pick<Draft, 'photos'> {
  return { photos: photos.filter((each) => each.sha256 !== photo.sha256) };
}

/** All that is still lacking; empty when the draft may be sent. */
export function lacks(draft: Draft): Lack[] {
  const found: Lack[] = [];
  if (draft.stage === null) found.push('stage');
  if (changesStage(draft) && draft.photos.length === 0) found.push('photo');
  if (stepsBack(draft) && draft.stepBackReason.trim() === '') found.push('step_back_reason');
  if (!percentFits(draft.stage, draft.percent)) found.push('percent');
  if (stepsBack(draft) && namesAPerson(draft.stepBackReason)) found.push('public_reason');
  if (namesAPerson(draft.words)) found.push('public_words');
  return found;
}

/** The percent that goes with a newly chosen stage: a sensible figure, kept when it already fits. */
export function percentFor(stage: Stage, percent: number): number {
  if (stage === 'not_started') return 0;
  if (stage === 'completed') return 100;
  return percentFits(stage, percent) ? percent : percent >= 100 ? 95 : 5;
}

/** Not started is 0, completed is 100, in progress lies between. */
export function percentFits(stage: Stage | null, percent: number): boolean {
  if (stage === 'not_started') return percent === 0;
  if (stage === 'completed') return percent === 100;
  return percent >= 1 && percent <= 99;
}

/** Whether a person may still change the draft: not while an earlier attempt may have arrived. */
export function mayEdit(draft: Draft): boolean {
  return draft.delivery.step === 'editing' || draft.delivery.step === 'refused';
}

/**
 * The draft as it leaves the deputy's hands: whoever presses the button says that it is so now, whenever the first word of it was written.
 * Only the first attempt does so; later ones carry the same bytes.
 */
export function handedIn(draft: Draft, now: Date): Draft {
  const writtenAt = draft.delivery.step === 'editing' ? now.toISOString() : draft.writtenAt;
  return { ...draft, writtenAt, delivery: { step: 'sending' } };
}

/** The body as it is sent, the same for every attempt. */
export function bodyOf(draft: Draft): NewReport {
  if (draft.stage === null) throw new Error('a draft without a stage has no body');
  return {
    site_id: draft.siteId,
    stage: draft.stage,
    percent: draft.percent,
    words: draft.words.trim(),
    problems: [...draft.problems],
    photos: draft.photos.map((photo) => photo.sha256),
    written_at: draft.writtenAt,
    position: draft.position,
    step_back_reason: stepsBack(draft) ? draft.stepBackReason.trim() : null,
    ...(draft.month === undefined ? {} : { month: draft.month }),
  };
}

/**
 * The draft after a change by hand. A refused report gets `freshId`: the server has kept nothing under the old one,
 * and an id never stands for two contents.
 */
export function edited(draft: Draft, change: Partial<Draft>, now: Date, freshId: string): Draft {
  if (!mayEdit(draft)) throw new Error('the content of a report on its way is frozen');
  const begunAnew = draft.delivery.step === 'refused' ? { id: freshId, receipt: null, notTaken: [] } : {};
  return { ...draft, ...change, ...begunAnew, writtenAt: now.toISOString(), delivery: { step: 'editing' } };
}
