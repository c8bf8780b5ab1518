// What the desk says of an order, and how the pages ask for orders. Pure but for the reader's language.

import type { Query } from '../../api/client';
import type { Addressee, OrderView, ReviewRow, SiteDetail } from '../../api/wire';
import { daysBetween, dayWords } from '../../i18n/dates';
import { t } from './texts';

/** Orders that a sentence names one by one. */
const MOST_NUMBERS = 4;

export type View = 'all' | 'waiting' | 'answered' | 'overdue' | 'settled';

/** The questions behind the tabs of the list. */
export const ASKS: Record<View, Query> = {
  all: {},
  waiting: { awaiting: true },
  answered: { state: 'answered' },
  overdue: { overdue: true },
  settled: { state: 'accepted' },
};

type Standing = Pick<OrderView, 'state' | 'open' | 'followed_by'>;

/** Whether the unit owes an answer. */
export function awaitsUnit(order: Standing): boolean {
  return order.open && (order.state === 'issued' || order.state === 'sent_back');
}

/** The date that the last answer proposes, if it does. */
export function proposedDate(order: Pick<OrderView, 'steps'>): string | null {
  return [...order.steps].reverse().find((step) => step.kind === 'answered')?.due_on ?? null;
}

/** The due date that held until a step moved it. */
export function dateBefore(steps: Pick<OrderView, 'steps'>['steps'], place: number): string | null {
  const asks = ['issued', 'sent_back', 'date_agreed'];
  return (
    steps
      .slice(0, place)
      .reverse()
      .find((step) => asks.includes(step.kind))?.due_on ?? null
  );
}

/** The state in words; an order whose place was taken says so. */
export function stateWords(order: Standing): string {
  return order.followed_by !== null ? t('state.followed') : t(`state.${order.state}`);
}

/** "逾期 3 天", "还剩 5 天"; nothing when the unit owes no answer. */
export function termWords(order: Standing & Pick<OrderView, 'due_on' | 'days_overdue'>, today: string): string {
  if (!awaitsUnit(order)) return '';
  if (order.days_overdue > 0) return t('days_overdue', { days: order.days_overdue });
  const left = daysBetween(today, order.due_on);
  return left === 0 ? t('due_today') : t('days_left', { days: left });
}

/** What differs now from the letter as it was issued: the due date, the level, how the order ended. */
export function laterWords(order: Standing & Pick<OrderView, 'due_on' | 'first_due_on' | 'level'>): string {
  const changes: string[] = [];
  if (order.due_on !== order.first_due_on) changes.push(t('letter.later.due_on', { date: dayWords(order.due_on) }));
  if (order.level !== 'order') changes.push(t('letter.later.level', { level: t(`level.${order.level}`) }));
  if (order.state !== 'issued' || !order.open) changes.push(t('letter.later.state', { state: stateWords(order) }));
  return changes.length > 0 ? t('letter.later', { changes: changes.join(t('letter.later.and')) }) : '';
}

/** The sites in a line: the first by name, the others by number. */
export function sitesWords(sites: readonly { name: string }[]): string {
  const first = sites[0]?.name ?? '';
  return sites.length > 1 ? t('sites.more', { name: first, count: sites.length }) : first;
}

/** A unit and the chosen sites that it answers for. */
export interface Addressed {
  unit: { id: number; name: string };
  sites: { id: number; name: string }[];
  /** Adopters of those sites, each once. */
  adopters: number;
}

type Chosen = Pick<ReviewRow['site'] | SiteDetail, 'id' | 'name' | 'unit'>;

/** Most sites that one order is about. */
const MOST_SITES = 200;

/** One order for each unit of the chosen sites, those with most sites first; a unit with very many gets several. */
export function addressed(chosen: readonly { site: Chosen; adopters: readonly { id: number }[] }[]): Addressed[] {
  const units = new Map<number, Addressed & { people: Set<number> }>();
  for (const { site, adopters } of chosen) {
    if (!site.unit) continue;
    const group = units.get(site.unit.id) ?? { unit: site.unit, sites: [], adopters: 0, people: new Set<number>() };
    group.sites.push({ id: site.id, name: site.name });
    for (const adopter of adopters) group.people.add(adopter.id);
    units.set(site.unit.id, group);
  }
  const groups = [...units.values()].flatMap(({ people, sites, unit }) => {
    const parts = Array.from({ length: Math.ceil(sites.length / MOST_SITES) }, (_, at) =>
      sites.slice(at * MOST_SITES, (at + 1) * MOST_SITES),
    );
    return parts.map((part) => ({ unit, sites: part, adopters: people.size }));
  });
  return groups.sort((one, other) => other.sites.length - one.sites.length || one.unit.id - other.unit.id);
}

/** The numbers that orders were given; of very many the first and the last. */
export function issuedWords(numbers: readonly string[]): string {
  const [first = '', last = ''] = [numbers[0], numbers.at(-1)];
  if (numbers.length > MOST_NUMBERS) return t('issue.done_many', { count: numbers.length, first, last });
  return t('issue.done', { numbers: numbers.join('、') });
}

/** The names of the units among these for which nobody can answer on a desk of their own, each once; none while that is not known. */
export function unanswering(groups: readonly Pick<Addressed, 'unit'>[], known: readonly Addressee[] | null): string[] {
  const without = new Set(known?.filter(({ accounts }) => accounts === 0).map(({ id }) => id));
  return [
    ...new Map(groups.filter(({ unit }) => without.has(unit.id)).map(({ unit }) => [unit.id, unit.name])).values(),
  ];
}

/** A calendar date some days later: `2026-10-30`, 7 → `2026-11-06`. */
export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
