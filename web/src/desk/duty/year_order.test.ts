import { describe, expect, it } from 'vitest';
import type { DutyYearRow } from '../../api/wire';
import { nextOrder, sorted } from './year_order';

const row = (id: number, name: string, missing: number, points: number | null) =>
  ({ deputy: { id, name }, region: { code: `33990100${id}`, name: '' }, missing, points }) as DutyYearRow;

describe('the deputies’ year on the desk', () => {
  const rows = [row(1, '张三', 0, 5), row(2, '安四', 3, null), row(3, '李五', 3, 9)];
  const ids = (list: DutyYearRow[]) => list.map((each) => each.deputy.id);

  it('is sorted by any column, in both directions, the same each time', () => {
    expect(ids(sorted(rows, { by: 'missing', descending: true }))).toEqual([2, 3, 1]);
    expect(ids(sorted(rows, { by: 'missing', descending: false }))).toEqual([1, 2, 3]);
    expect(ids(sorted(rows, { by: 'deputy', descending: false }))).toEqual([2, 3, 1]);
    expect(ids(sorted(rows, { by: 'region', descending: true }))).toEqual([3, 2, 1]);
  });

  it('puts who has nothing to compare last both ways', () => {
    expect(ids(sorted(rows, { by: 'points', descending: true }))).toEqual([3, 1, 2]);
    expect(ids(sorted(rows, { by: 'points', descending: false }))).toEqual([1, 3, 2]);
  });

  it('turns round at the second click and begins a number with the most', () => {
    expect(nextOrder({ by: 'deputy', descending: false }, 'missing')).toEqual({ by: 'missing', descending: true });
    expect(nextOrder({ by: 'missing', descending: true }, 'missing')).toEqual({ by: 'missing', descending: false });
    expect(nextOrder({ by: 'missing', descending: true }, 'deputy')).toEqual({ by: 'deputy', descending: false });
  });
});
