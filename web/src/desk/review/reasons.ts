// Why a site stands on the review list, in words with the figures the server gives. Pure but for the reader's language.
import type { ReviewReason, ReviewRow } from '../../api/wire';
import { distanceWords } from './distance';
import { t } from './texts';

/** The order of the tabs: what presses most comes first. */
export const REASONS: readonly ReviewReason[] = [
  'overdue_red',
  'overdue_yellow',
  'silent',
  'challenged',
  'disagreement',
  'off_site',
  'reused_photo',
  'step_back',
  'photos_missing',
];

type Reason = ReviewRow['reasons'][number];

/** One sentence for a reason: "逾期 52 天未开工", "连续 3 个月无反馈". */
export function reasonWords(reason: Reason): string {
  const { code, days } = reason;
  const months = figure(reason, 'months');
  if (code === 'silent' && months !== null && months > 1) return t('why.silent_months', { months });
  const metres = figure(reason, 'distance_m');
  if (code === 'off_site' && metres !== null) return t('why.off_site_m', { distance: distanceWords(metres) });
  return t(`why.${code}`, {
    days,
    photos: figure(reason, 'photos') ?? '',
    challenges: figure(reason, 'challenges') ?? '',
  });
}

function figure(reason: Reason, name: string): number | null {
  const value = reason.figures[name];
  return typeof value === 'number' ? value : null;
}
