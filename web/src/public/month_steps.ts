// The steps of the slider: months by number, now last. Pure.
import type { MapMonth } from '../api/wire';

/** The step of a month; the last one, now, when it is null or has no map. */
export function numberOf(steps: readonly MapMonth[], month: string | null): number {
  const number = steps.findIndex((step) => step.month === month);
  return number < 0 ? steps.length - 1 : number;
}

/** Where playing begins: at the month that is shown, or, from now, with the first month of the year. */
export function nextInPlay(steps: readonly MapMonth[], at: number): number {
  if (at < steps.length - 1) return at;
  const year = steps.at(-1)?.month.slice(0, 4) ?? '';
  const first = steps.findIndex((step) => step.month.startsWith(year));
  // In January the year has nothing to play yet: the one before is played.
  return first < steps.length - 1 ? first : Math.max(0, steps.length - 13);
}
