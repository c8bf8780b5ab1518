import { expect, it } from 'vitest';
import { inOrder, percentWords, type Row } from './ranking';

function row(name: string, completed: number, sites: number, reports: [owed: number, onTime: number] = [9, 9]): Row {
  const counts = {
    sites,
    completed,
    in_progress: sites - completed,
    not_started: 0,
    overdue_red: 0,
    overdue_yellow: 0,
    silent: 0,
    struck_off: 0,
  };
  const [owed, on_time] = reports;
  return { key: name, name, address: '', counts, owed, received: on_time, on_time, ranked: sites >= 5, place: null };
}

const rows = [row('甲', 3, 6), row('小', 4, 4), row('乙', 9, 10), row('丙', 5, 10, [4, 4])];
const shown = (order: 'own' | 'completed' | 'on_time') => inOrder(rows, order, 5);

it('leaves nobody out in their own order', () => {
  expect(shown('own')).toMatchObject({
    leftOut: 0,
    rows: [{ name: '甲' }, { name: '小' }, { name: '乙' }, { name: '丙' }],
  });
});

it('compares by share, shares a place where shares are equal, and says who is not compared', () => {
  const { rows: compared, leftOut, leftOutSites } = shown('completed');
  expect(compared.map(({ name, place }) => [name, place])).toEqual([
    ['乙', 1],
    ['甲', 2],
    ['丙', 2],
  ]);
  expect([leftOut, leftOutSites]).toEqual([1, 4]);
});

it('compares reports only where enough are owed', () => {
  expect(shown('on_time').rows.map(({ name }) => name)).toEqual(['甲', '乙']);
  expect(shown('on_time').leftOut).toBe(2);
});

it('never rounds up to everything', () => {
  expect([percentWords([207, 208]), percentWords([208, 208]), percentWords([0, 0])]).toEqual(['99%', '100%', '—']);
});
