// What happened to a supervision order, in words: by offices and units, never by persons. Pure but for the reader's language.
import type { OrderStep } from '../../api/wire';
import { enteredWords } from '../../i18n/came_by';
import { dayWords } from '../../i18n/dates';
import { ts } from './texts';
import { officeWords } from './words';

export function orderTitle(step: OrderStep): string {
  const { number, unit, kind, level, words } = step;
  return ts(`order.${kind}`, { number, unit, level: ts(`order.level.${level}`), next: words });
}

/** What somebody wrote; the number of a second order is in the title already. */
export function orderWords(step: OrderStep): string {
  return step.kind === 'followed' ? '' : step.words;
}

/** The date asked for, or in an answer the one proposed. */
export function orderDate(step: OrderStep): string {
  if (step.due_on === null) return '';
  if (step.kind === 'answered') return ts('order.proposed', { date: dayWords(step.due_on) });
  const asks =
    step.kind === 'issued' || step.kind === 'reminded' || step.kind === 'date_agreed' || step.kind === 'sent_back';
  return asks ? ts('order.due', { date: dayWords(step.due_on) }) : '';
}

/** The office, the unit or the calendar. */
export function orderAuthor(step: OrderStep): string | null {
  if (step.kind === 'answered') return step.on_behalf ? `${step.unit} · ${enteredWords(step.on_behalf)}` : step.unit;
  if (step.kind === 'reminded') return ts('office.schedule');
  if (step.kind === 'raised') return ts('order.by_ladder');
  if (step.kind === 'lapsed') return ts('order.by_itself');
  return officeWords(step.by);
}
