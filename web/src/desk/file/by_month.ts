// Reports of several adopters, laid out to be compared: month by month, newest first, one column for each report. Pure.
import type { ReportView } from '../../api/wire';

export interface MonthOfReports {
  month: string;
  reports: ReportView[];
}

/** Months newest first; within a month what stands comes first, then the latest received. */
export function byMonth(reports: readonly ReportView[]): MonthOfReports[] {
  const months = new Map<string, ReportView[]>();
  for (const report of reports) months.set(report.month, [...(months.get(report.month) ?? []), report]);
  return [...months]
    .sort(([one], [other]) => other.localeCompare(one))
    .map(([month, of]) => ({ month, reports: of.sort(standingFirst) }));
}

function standingFirst(one: ReportView, other: ReportView): number {
  const stands = (report: ReportView) => (report.state === 'standing' ? 0 : 1);
  return stands(one) - stands(other) || Date.parse(other.received_at) - Date.parse(one.received_at);
}
