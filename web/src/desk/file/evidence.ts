// What pictures and phones say of themselves, sorted by report. Pure.
import type { PhotoEvidence, SiteFile } from '../../api/wire';

export interface ReportEvidence {
  /** By the picture's name. */
  photos: ReadonlyMap<string, PhotoEvidence>;
  clockDoubted: boolean;
  /** What the phone's own clock said when the report was written, and by how many seconds it was ahead of the server's. */
  phone: { writtenAt: string; aheadS: number | null } | null;
  accuracyM: number | null;
  /** Who entered the report for the deputy. */
  enteredBy: string | null;
}

/** The evidence of one report; empty when nothing was read from it. */
export function evidenceOf(file: Pick<SiteFile, 'photos' | 'phones'>, reportId: string): ReportEvidence {
  const photos = new Map<string, PhotoEvidence>();
  for (const photo of file.photos)
    if (photo.report_id === reportId && photo.sha256 !== null) photos.set(photo.sha256, photo);
  const phone = file.phones.find((each) => each.report_id === reportId);
  return {
    photos,
    clockDoubted: phone?.clock_doubted ?? false,
    phone: phone ? { writtenAt: phone.written_at, aheadS: phone.phone_ahead_s ?? null } : null,
    accuracyM: phone?.accuracy_m ?? null,
    enteredBy: phone?.entered_by ?? null,
  };
}

/** A camera's own time as people read it: `2026-10-28T15:58:12` → `2026-10-28 15:58`. */
export function cameraTime(written: string): string {
  return written.replace('T', ' ').slice(0, 16);
}
