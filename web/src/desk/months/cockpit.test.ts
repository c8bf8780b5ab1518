import { describe, expect, it } from 'vitest';
import type { CockpitPart, CockpitRow } from '../../api/wire';
import { FIGURES, found, reachOf, rowsBehind } from './cockpit';

function row(id: number, standing: CockpitRow['standing'], group = '3'): CockpitRow {
  return {
    site: { id, code: `2026-01-00${id}`, name: `点位${id}` },
    deputy: { id: 10 + id, name: `代表${id}` },
    group,
    township: '339901001',
    project: 1,
    standing,
    received_at: null,
    on_behalf: null,
    reminded_at: null,
    excusable: true,
  };
}

function part(key: string, name: string): CockpitPart {
  return { key, name, owed: 0, received: 0, on_time: 0, late: 0, missing: 0, excused: 0 };
}

const rows = [row(1, 'on_time'), row(2, 'late'), row(3, 'missing', ''), row(4, 'excused')];

describe('the cockpit', () => {
  it('finds the rows behind each figure; the excused are never among the owed', () => {
    const behind = FIGURES.map((figure) =>
      rowsBehind(rows, { figure, by: null, part: null }).map((each) => each.site.id),
    );
    expect(behind).toEqual([[1, 2, 3], [1, 2], [1], [2], [3], [4]]);
  });

  it('keeps to the part that was asked for, the one without a group too', () => {
    expect(rowsBehind(rows, { figure: 'owed', by: 'group', part: part('', '') }).map((each) => each.site.id)).toEqual([
      3,
    ]);
    expect(
      rowsBehind(rows, { figure: 'owed', by: 'deputy', part: part('12', '') }).map((each) => each.site.id),
    ).toEqual([2]);
  });

  it('names whom a reminder reaches', () => {
    expect(reachOf(null, null)).toEqual({});
    expect(reachOf('township', part('339901001', '西河镇'))).toEqual({ region: '339901001' });
    expect(reachOf('group', part('', ''))).toEqual({ group: 0 });
    expect(reachOf('deputy', part('12', '甲'))).toEqual({ deputy: 12 });
  });

  it('searches names', () => {
    expect(found([part('1', '农业组'), part('2', '教育组')], ' 教育 ').map((each) => each.key)).toEqual(['2']);
  });
});
