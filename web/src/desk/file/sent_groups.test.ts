import { expect, test } from 'vitest';
import { groupsOf } from './sent_groups';

const at = '2026-11-22T22:36:43+08:00';

function notice(to: string, words: string, state: 'delivered' | 'dead' | null, read_at: string | null = null) {
  const ways = state === null ? [] : [{ channel: 'mail' as const, state, attempts: 1, fault: null, at }];
  return {
    kind: 'site_offered' as const,
    to,
    words,
    created_at: at,
    read_at,
    shown: true,
    taken_back_at: null,
    held_until: null,
    undo: null,
    ways,
  };
}

test('what many were told at once is one line with its sums', () => {
  const groups = groupsOf([
    notice('甲', '请领办', 'delivered', at),
    notice('乙', '请领办', 'dead'),
    notice('丙', '请领办', 'delivered'),
  ]);
  expect(groups).toHaveLength(1);
  expect(groups[0]?.all.map((each) => each.to)).toEqual(['甲', '乙', '丙']);
  expect(groups[0]?.read).toBe(1);
  expect(groups[0]?.ways).toEqual([
    { channel: 'mail', state: 'delivered', count: 2 },
    { channel: 'mail', state: 'dead', count: 1 },
  ]);
});

test('other words are another notice', () => {
  expect(groupsOf([notice('甲', '请领办', null), notice('甲', '还缺一位', null)])).toHaveLength(2);
});
