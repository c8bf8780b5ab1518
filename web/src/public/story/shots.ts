// Every photograph of a story in one row, so that the gallery leads from month to month. Newest month first, a report's own in order.
import type { PhotoView, ReportView, Story } from '../../api/wire';

export interface Shot {
  key: string;
  photo: PhotoView;
  report: ReportView;
  /** Its place in its report, from one. */
  at: number;
}

export function shotKey(report: Pick<ReportView, 'id'>, photo: Pick<PhotoView, 'sha256'>): string {
  return `${report.id}/${photo.sha256}`;
}

/** The photographs that have arrived. */
export function shotsOf(story: Pick<Story, 'months'>): Shot[] {
  return story.months.flatMap((month) =>
    month.entries.flatMap((entry) => (entry.kind === 'report' ? shotsOfReport(entry.report) : [])),
  );
}

export function shotsOfReport(report: ReportView): Shot[] {
  const present = report.photos.filter((photo) => !photo.missing);
  return present.map((photo, index) => ({ key: shotKey(report, photo), photo, report, at: index + 1 }));
}
