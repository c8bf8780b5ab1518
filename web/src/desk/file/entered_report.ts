// A report that staff enter for a deputy: what the form holds, what still lacks, and how it is said to the server. Pure.
import type { CameBy, Stage } from '../../api/wire';

export interface EntryForm {
  deputy: number | null;
  cameBy: CameBy;
  month: string;
  stage: Stage;
  percent: number;
  words: string;
  problems: string[];
  stepBackReason: string;
}

export type EntryField = 'deputy' | 'words' | 'photos' | 'step_back_reason';

const ORDER: readonly Stage[] = ['not_started', 'in_progress', 'completed'];

/** Whether the stage would go back. */
export function stepsBack(from: Stage, to: Stage): boolean {
  return ORDER.indexOf(to) < ORDER.indexOf(from);
}

/** The fields that still have to be filled in. A late report decides nothing newer; its pictures the server asks for. */
export function lacking(form: EntryForm, from: Stage, photos: number): EntryField[] {
  const fields: EntryField[] = [];
  if (form.deputy === null) fields.push('deputy');
  if (form.words.trim() === '') fields.push('words');
  if (form.stage !== from && photos === 0) fields.push('photos');
  if (stepsBack(from, form.stage) && form.stepBackReason.trim() === '') fields.push('step_back_reason');
  return fields;
}

/** The body of the call. The moment of writing is that of opening the form, so that a repetition is the same report. */
export function enteredReport(form: EntryForm, siteId: number, photos: readonly string[], writtenAt: string) {
  const report = {
    site_id: siteId,
    stage: form.stage,
    percent: form.percent,
    words: form.words.trim(),
    problems: form.problems,
    photos: [...photos],
    written_at: writtenAt,
    position: null,
    step_back_reason: form.stepBackReason.trim() || null,
    month: form.month,
  };
  return { came_by: form.cameBy, report };
}
