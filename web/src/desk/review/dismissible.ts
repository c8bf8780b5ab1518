// Which findings of the chosen rows can be put aside: whatever was found but late work and challenges, which are judged. Pure.
import type { ReviewReason, ReviewRow } from '../../api/wire';
import { REASONS } from './reasons';

type Found = Pick<ReviewRow, 'reasons'>;

/** The rows about which the reader decides: key sites are the county's. */
export function decidable<Row extends Pick<ReviewRow, 'key_site'>>(rows: readonly Row[], isCounty: boolean): Row[] {
  return rows.filter((row) => isCounty || !row.key_site);
}

const STAYING: readonly ReviewReason[] = ['overdue_red', 'overdue_yellow', 'challenged'];

export function withReason<Row extends Found>(rows: readonly Row[], reason: ReviewReason): Row[] {
  return rows.filter((row) => row.reasons.some((each) => each.code === reason));
}

/** Each finding that some row has, with the number of rows, in the order of the tabs. */
export function dismissible(rows: readonly Found[]): { reason: ReviewReason; count: number }[] {
  const choices = REASONS.filter((reason) => !STAYING.includes(reason)).map((reason) => ({
    reason,
    count: withReason(rows, reason).length,
  }));
  return choices.filter((choice) => choice.count > 0);
}
