/** The deputies' year, sorted as the desk asks for it: numbers from the most, words as they are read, who has nothing to compare last. Pure. */
import type { DutyYearRow } from '../../api/wire';

export type YearColumn =
  | 'deputy'
  | 'region'
  | 'adopted'
  | 'owed'
  | 'received'
  | 'on_time'
  | 'missing'
  | 'excused_months'
  | 'returned'
  | 'points';

export const NUMBER_COLUMNS = [
  'adopted',
  'owed',
  'received',
  'on_time',
  'missing',
  'excused_months',
  'returned',
  'points',
] as const;

export interface YearOrder {
  by: YearColumn;
  descending: boolean;
}

const chinese = new Intl.Collator('zh-CN-u-co-pinyin');

/** The same column again turns the order round; a new one begins with what is most, or with the first word. */
export function nextOrder(order: YearOrder, by: YearColumn): YearOrder {
  if (order.by === by) return { by, descending: !order.descending };
  return { by, descending: by !== 'deputy' && by !== 'region' };
}

export function sorted(rows: readonly DutyYearRow[], { by, descending }: YearOrder): DutyYearRow[] {
  const turn = descending ? -1 : 1;
  const compare = (one: DutyYearRow, other: DutyYearRow): number => {
    if (by === 'deputy') return turn * chinese.compare(one.deputy.name, other.deputy.name);
    if (by === 'region') return turn * one.region.code.localeCompare(other.region.code);
    const [mine, theirs] = [one[by], other[by]];
    if (mine === null || theirs === null) return Number(mine === null) - Number(theirs === null);
    return turn * (mine - theirs);
  };
  return [...rows].sort((one, other) => compare(one, other) || one.deputy.id - other.deputy.id);
}
