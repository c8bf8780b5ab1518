// The committee's acts on one site: which of them are possible, and how each is said to the server.
import { signedIn } from '../../account/session.svelte';
import { post, put } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import type { ReportView, SiteDetail, SiteFile, SiteView, Stage, StrikeOffProposal } from '../../api/wire';

/** Acts on the site as a whole. */
export type SiteActName = 'correct' | 'strike' | 'propose' | 'reopen' | 'key' | 'unkey';
/** Acts on a strike-off that waits for a second person. */
export type ProposalActName = 'confirm' | 'refuse' | 'withdraw';

/** An act that is being prepared. */
export type Act =
  | { name: SiteActName }
  | { name: ProposalActName; proposal: StrikeOffProposal }
  | { name: 'return'; report: ReportView };

export type ActName = Act['name'];

/** What the person has filled in. */
export interface ActForm {
  words: string;
  stage: Stage;
  percent: number;
}

type Standing = Pick<SiteView, 'stage' | 'struck_off_on'>;
/** What the file says of deciding; nothing for those who only look. */
type Rights = Pick<SiteFile, 'may_decide' | 'decided_by_county_on' | 'strike_off_by_two' | 'strike_off_proposal'>;

/** The acts on the site itself, in the order of their buttons. */
export function possibleActs(
  site: Standing,
  rights: Rights,
): Extract<SiteActName, 'correct' | 'strike' | 'propose' | 'reopen'>[] {
  if (!rights.may_decide || rights.decided_by_county_on !== null) return [];
  if (site.struck_off_on !== null) return ['reopen'];
  if (site.stage !== 'completed') return ['correct'];
  if (rights.strike_off_proposal !== null) return ['correct'];
  return [rights.strike_off_by_two ? 'propose' : 'strike', 'correct'];
}

/** Whether a report may be sent back: only one that stands, on a site that is still supervised. */
export function mayReturn(report: ReportView, site: Pick<SiteView, 'struck_off_on'>): boolean {
  return report.state === 'standing' && site.struck_off_on === null;
}

/** Whether the act can do without words. */
export function wordsOptional(name: ActName): boolean {
  return name === 'confirm' || name === 'withdraw';
}

type Request = readonly [method: typeof post | typeof put, path: string, body: unknown];

function request(act: Act, site: Pick<SiteDetail, 'id' | 'rev'>, form: ActForm): Request {
  const words = form.words.trim();
  const at = `/api/sites/${site.id}`;
  const { rev } = site;
  switch (act.name) {
    case 'return':
      return [post, `/api/reports/${act.report.id}/return`, { reason: words }];
    case 'correct':
      return [post, `${at}/correction`, { stage: form.stage, percent: form.percent, reason: words, rev }];
    case 'strike':
      return [post, `${at}/strike-off`, { note: words, rev }];
    case 'propose':
      return [post, `${at}/strike-off-proposal`, { note: words, rev }];
    case 'reopen':
      return [post, `${at}/reopen`, { reason: words, rev }];
    case 'key':
    case 'unkey':
      return [put, `${at}/key-site`, { key_site: act.name === 'key', reason: words, rev }];
    case 'confirm':
      return [post, `/api/strike-off-proposals/${act.proposal.id}/confirm`, { rev }];
    case 'refuse':
    case 'withdraw':
      return [post, `/api/strike-off-proposals/${act.proposal.id}/withdraw`, { words }];
  }
}

/** Does the act; `rev` is the state of the site the person was looking at. */
export function perform(act: Act, site: SiteDetail, form: ActForm, key: string): Promise<unknown> {
  const [send, path, body] = request(act, site, form);
  return signedIn(send(path, body, { idempotencyKey: key }));
}

/** Whether somebody else has changed the site meanwhile. */
export function isStale(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.code === 'rev_mismatch';
}
