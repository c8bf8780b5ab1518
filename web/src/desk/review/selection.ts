/** Which rows of a list are chosen, with the habits of a file manager: one, a range by shift, all. Pure. */

export interface Selection {
  readonly chosen: ReadonlySet<number>;
  /** The row a range with shift starts from. */
  readonly anchor: number | null;
}

export const NOTHING_CHOSEN: Selection = { chosen: new Set(), anchor: null };

/** After a click on `id`; with `extend` every row of `order` between the anchor and `id` takes the new state of `id`. */
export function clicked(selection: Selection, order: readonly number[], id: number, extend: boolean): Selection {
  const chosen = new Set(selection.chosen);
  const add = !chosen.has(id);
  for (const each of extend ? between(order, selection.anchor, id) : [id]) {
    if (add) chosen.add(each);
    else chosen.delete(each);
  }
  return { chosen, anchor: id };
}

/** After a click on "all": all of `order`, or none of it when all were chosen already. */
export function allClicked(selection: Selection, order: readonly number[]): Selection {
  const chosen = new Set(selection.chosen);
  const all = order.every((id) => chosen.has(id));
  for (const id of order) {
    if (all) chosen.delete(id);
    else chosen.add(id);
  }
  return { chosen, anchor: null };
}

/** What is left of the selection when the list has changed. */
export function kept(selection: Selection, order: readonly number[]): Selection {
  const there = new Set(order);
  const chosen = new Set([...selection.chosen].filter((id) => there.has(id)));
  const anchor = selection.anchor !== null && there.has(selection.anchor) ? selection.anchor : null;
  return { chosen, anchor };
}

function between(order: readonly number[], anchor: number | null, id: number): readonly number[] {
  const from = anchor === null ? -1 : order.indexOf(anchor);
  const to = order.indexOf(id);
  if (from < 0 || to < 0) return [id];
  return order.slice(Math.min(from, to), Math.max(from, to) + 1);
}
