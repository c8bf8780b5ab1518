// What can be done with a challenge, and what a judgement may bring about. The server decides; this only spares dead ends. Pure.
import type { Consequence, DeskChallenge, Stage } from '../../api/wire';

export type ChallengeAct = 'accept' | 'publish' | 'decline' | 'judge';

export type ChallengeView = 'open' | 'all' | DeskChallenge['state'];

export const VIEWS: readonly ChallengeView[] = ['open', 'all', 'founded', 'unfounded', 'declined', 'withdrawn'];

/** How a part of the list is asked for. */
export function asked(view: ChallengeView): { open?: boolean; state?: string } {
  if (view === 'open') return { open: true };
  return view === 'all' ? {} : { state: view };
}

type Judged = Pick<DeskChallenge, 'state' | 'may_decide' | 'own_case' | 'erased'>;

/** The acts that the reader may do now, the most likely first. */
export function possibleActs({ state, may_decide, own_case, erased }: Judged): ChallengeAct[] {
  if (!may_decide || erased) return [];
  const acts: ChallengeAct[] = [];
  if (state === 'submitted') acts.push('accept');
  if (state === 'accepted' && !own_case) acts.push('judge');
  if (state !== 'declined' && state !== 'withdrawn') acts.push('publish');
  if ((state === 'submitted' || state === 'accepted') && !own_case) acts.push('decline');
  return acts;
}

/** What may follow from a judgement of a site as it stands. */
export function consequencesOf(founded: boolean, struckOff: boolean): Consequence[] {
  if (!founded) return ['none'];
  return struckOff ? ['reopen'] : ['correct_stage', 'return_report', 'none'];
}

export interface JudgementForm {
  founded: boolean;
  consequence: Consequence;
  setStage: boolean;
  stage: Stage;
  percent: number;
  reason: string;
}

/** Whether the form names a stage. */
export function namesStage({ consequence, setStage }: Pick<JudgementForm, 'consequence' | 'setStage'>): boolean {
  return consequence === 'correct_stage' || (consequence === 'reopen' && setStage);
}

export function judgementBody(form: JudgementForm, { rev, site_rev }: Pick<DeskChallenge, 'rev' | 'site_rev'>) {
  const stage = namesStage(form);
  return {
    founded: form.founded,
    reason: form.reason.trim(),
    consequence: form.consequence,
    stage: stage ? form.stage : null,
    percent: stage ? form.percent : null,
    site_rev,
    rev,
  };
}
