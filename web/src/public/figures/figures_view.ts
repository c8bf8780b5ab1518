// What the figures show, as the part of the address after the question mark. Pure.
export const PARTS = ['project', 'region', 'unit'] as const;
export type Part = (typeof PARTS)[number];

/** In the parts' own order, or compared by a share. */
export const ORDERS = ['own', 'completed', 'late', 'on_time'] as const;
export type Order = (typeof ORDERS)[number];

export interface FiguresView {
  /** A month such as `2026-09`; null is now. */
  month: string | null;
  part: Part;
  order: Order;
  /** Tables instead of charts. */
  tables: boolean;
}

export const FIRST_VIEW: FiguresView = { month: null, part: 'project', order: 'own', tables: false };

/** The view an address asks for; what it does not understand it leaves out. */
export function readFiguresView(address: string): FiguresView {
  const query = new URLSearchParams(address);
  return {
    month: /^\d{4}-(0[1-9]|1[0-2])$/.exec(query.get('month') ?? '')?.[0] ?? null,
    part: PARTS.find((part) => part === query.get('by')) ?? FIRST_VIEW.part,
    order: ORDERS.find((order) => order === query.get('order')) ?? FIRST_VIEW.order,
    tables: query.get('look') === 'tables',
  };
}

/** The address of a view; reading it again gives the same view. */
export function writeFiguresView(view: FiguresView): string {
  const query = new URLSearchParams();
  if (view.month) query.set('month', view.month);
  if (view.part !== FIRST_VIEW.part) query.set('by', view.part);
  if (view.order !== FIRST_VIEW.order) query.set('order', view.order);
  if (view.tables) query.set('look', 'tables');
  return query.toString();
}
