// Which findings of the chosen rows can be put aside: whatever was found but late work. Pure.
import type { ReviewReason, ReviewRow } from '../../api/wire';
import { REASONS } from './reasons';

type Found = Pick<ReviewRow, 'reasons'>;

const LATE: readonly ReviewReason[] = ['overdue_red', 'overdue_yellow'];

export function withReason<Row extends Found>(rows: readonly Row[], reason: ReviewReason): Row[] {
  return rows.filter((row) => row.reasons.some((each) => each.code === reason));
}

/** Each finding that some row has, with the number of rows, in the order of the tabs. */
export function dismissible(rows: readonly Found[]): { reason: ReviewReason; count: number }[] {
  const choices = REASONS.filter((reason) => !LATE.includes(reason)).map((reason) => ({
    reason,
    count: withReason(rows, reason).length,
  }));
  return choices.filter((choice) => choice.count > 0);
}
