// A change of plan as the committee fills it in, and what of it is sent: only what differs from the plan that stands. Pure.
import type { SiteDetail } from '../../api/wire';
import { numbersOf, type WrittenPlace, writtenAt } from '../place/written';

export interface PlanForm {
  number: string;
  decidedOn: string;
  reason: string;
  start: string;
  finish: string;
  quota: string;
  moves: boolean;
  place: WrittenPlace;
  address: string;
}

export type PlanField =
  | 'decision_number'
  | 'decided_on'
  | 'reason'
  | 'planned_start_on'
  | 'planned_finish_on'
  | 'quota'
  | 'place'
  | 'body';

export interface NewPlanChange {
  decision_number: string;
  decided_on: string;
  reason: string;
  planned_start_on?: string;
  planned_finish_on?: string;
  quota?: string;
  place?: { lon: number; lat: number; datum: string; address: string };
  rev: number;
}

/** The form as the plan stands. */
export function blankForm(site: SiteDetail): PlanForm {
  return {
    number: '',
    decidedOn: '',
    reason: '',
    start: site.planned_start_on ?? '',
    finish: site.planned_finish_on ?? '',
    quota: site.quota,
    moves: false,
    place: writtenAt(site.position),
    address: site.address,
  };
}

/** What has to be filled in before it can be sent, by the server's names. */
export function missingFields(form: PlanForm): PlanField[] {
  const missing: PlanField[] = [];
  if (form.number.trim() === '') missing.push('decision_number');
  if (form.decidedOn === '') missing.push('decided_on');
  if (form.reason.trim() === '') missing.push('reason');
  if (form.moves && !numbersOf(form.place)) missing.push('place');
  return missing;
}

/** The body to send. */
export function planChange(form: PlanForm, site: SiteDetail): NewPlanChange {
  const change: NewPlanChange = {
    decision_number: form.number.trim(),
    decided_on: form.decidedOn,
    reason: form.reason.trim(),
    rev: site.rev,
  };
  if (form.start !== '' && form.start !== site.planned_start_on) change.planned_start_on = form.start;
  if (form.finish !== '' && form.finish !== site.planned_finish_on) change.planned_finish_on = form.finish;
  if (form.quota.trim() !== site.quota) change.quota = form.quota.trim();
  const numbers = form.moves ? numbersOf(form.place) : null;
  if (numbers) change.place = { ...numbers, address: form.address.trim() };
  return change;
}
