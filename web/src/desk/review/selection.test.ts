import { describe, expect, it } from 'vitest';
import { allClicked, clicked, kept, NOTHING_CHOSEN } from './selection';

const order = [5, 3, 9, 1, 7];
const ids = (selection: { chosen: ReadonlySet<number> }) => [...selection.chosen].sort();

describe('choosing rows', () => {
  it('takes and gives back one row', () => {
    const one = clicked(NOTHING_CHOSEN, order, 3, false);
    expect(ids(one)).toEqual([3]);
    expect(ids(clicked(one, order, 3, false))).toEqual([]);
  });

  it('takes the range to the last clicked row, upwards and downwards, in the order of the list', () => {
    const down = clicked(clicked(NOTHING_CHOSEN, order, 3, false), order, 1, true);
    expect(ids(down)).toEqual([1, 3, 9]);
    const up = clicked(clicked(NOTHING_CHOSEN, order, 1, false), order, 5, true);
    expect(ids(up)).toEqual([1, 3, 5, 9]);
  });

  it('takes one row when there is nothing to extend from', () => {
    expect(ids(clicked(NOTHING_CHOSEN, order, 9, true))).toEqual([9]);
  });

  it('takes all, then none', () => {
    const all = allClicked(clicked(NOTHING_CHOSEN, order, 9, false), order);
    expect(ids(all)).toEqual([1, 3, 5, 7, 9]);
    expect(ids(allClicked(all, order))).toEqual([]);
  });

  it('forgets rows that have left the list', () => {
    const all = allClicked(NOTHING_CHOSEN, order);
    expect(ids(kept(all, [9, 7, 2]))).toEqual([7, 9]);
  });
});
