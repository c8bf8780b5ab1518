// The committee's acts on one site: which of them are possible, and how each is said to the server.
import { signedIn } from '../../account/session.svelte';
import { post } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import type { ReportView, SiteDetail, SiteView, Stage } from '../../api/wire';

/** An act that is being prepared. */
export type Act = { name: 'correct' | 'strike' | 'reopen' } | { name: 'return'; report: ReportView };

export type ActName = Act['name'];

/** What the person has filled in. */
export interface ActForm {
  words: string;
  stage: Stage;
  percent: number;
}

/** The acts on the site itself, in the order of their buttons. */
export function possibleActs(site: Pick<SiteView, 'stage' | 'struck_off_on'>): Exclude<ActName, 'return'>[] {
  if (site.struck_off_on !== null) return ['reopen'];
  return site.stage === 'completed' ? ['strike', 'correct'] : ['correct'];
}

/** Whether a report may be sent back: only one that stands, on a site that is still supervised. */
export function mayReturn(report: ReportView, site: Pick<SiteView, 'struck_off_on'>): boolean {
  return report.state === 'standing' && site.struck_off_on === null;
}

/** Does the act; `rev` is the state of the site the person was looking at. */
export function perform(act: Act, site: SiteDetail, form: ActForm, key: string): Promise<SiteView> {
  const words = form.words.trim();
  const at = `/api/sites/${site.id}`;
  const { rev } = site;
  const [path, body] = {
    return: () => [act.name === 'return' ? `/api/reports/${act.report.id}/return` : '', { reason: words }] as const,
    correct: () => [`${at}/correction`, { stage: form.stage, percent: form.percent, reason: words, rev }] as const,
    strike: () => [`${at}/strike-off`, { note: words, rev }] as const,
    reopen: () => [`${at}/reopen`, { reason: words, rev }] as const,
  }[act.name]();
  return signedIn(post<SiteView>(path, body, { idempotencyKey: key }));
}

/** Whether somebody else has changed the site meanwhile. */
export function isStale(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.code === 'rev_mismatch';
}
