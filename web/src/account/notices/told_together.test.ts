import { describe, expect, it } from 'vitest';
import { toldTogether } from './told_together';

const notice = (id: string, more = {}) => ({
  id,
  kind: 'reminder' as const,
  words: '请到现场查看',
  created_at: '2026-10-20T09:00:00+08:00',
  read_at: null,
  site: { id: 1, code: '2026-01-001', name: '幼儿园' },
  order: null,
  ...more,
});

describe('what was told together', () => {
  it('is one entry, in the place of its first', () => {
    const [one, other] = toldTogether([
      notice('a'),
      notice('b', { words: '别的' }),
      notice('c', { read_at: '2026-10-20T10:00:00+08:00' }),
    ]);
    expect(one?.all.map((each) => each.id)).toEqual(['a', 'c']);
    expect(one?.unread.map((each) => each.id)).toEqual(['a']);
    expect(other?.all.map((each) => each.id)).toEqual(['b']);
  });

  it('keeps apart what another moment, kind or order says, and what is about no site', () => {
    const later = notice('b', { created_at: '2026-10-20T09:00:01+08:00' });
    const kind = notice('c', { kind: 'site_taken' });
    const order = { id: 4, number: '澄人常督〔2026〕1号' };
    const none = { site: null };
    const list = [
      notice('a'),
      later,
      kind,
      notice('d', { order }),
      notice('e', { order }),
      notice('f', none),
      notice('g', none),
    ];
    expect(toldTogether(list)).toHaveLength(7);
  });
});
