import { describe, expect, it } from 'vitest';
import { bodiesOf, leftOut, MOST_AT_ONCE, undoable, wayBack } from './row_acts';

const row = (site_id: number, more = {}) => ({ site_id, name: `点位${site_id}`, rev: 3, ...more });
const outcome = (site_id: number, words: string | null) => ({
  site_id,
  done: words === null,
  rev: words === null ? 4 : null,
  code: words === null ? null : 'conflict',
  words,
});

describe('one act on many rows', () => {
  it('is asked for in parts that the server takes, without the names', () => {
    const rows = Array.from({ length: MOST_AT_ONCE + 1 }, (_, at) => row(at + 1));
    const bodies = bodiesOf('strike_off', rows, { words: ' 验收 ' }, false);
    expect(bodies.map((body) => body.rows.length)).toEqual([MOST_AT_ONCE, 1]);
    expect(bodies[1]).toEqual({ act: 'strike_off', words: '验收', rows: [{ site_id: 201, rev: 3 }], preview: false });
  });

  it('says which proposal a row was seen with', () => {
    const [body] = bodiesOf('confirm_strike_off', [row(7, { proposal_id: 5 })], { words: '' }, true);
    expect(body?.rows).toEqual([{ site_id: 7, rev: 3, proposal_id: 5 }]);
  });

  it('names what is left out, by the reason', () => {
    const rows = [row(1), row(2), row(3), row(4)];
    const outcomes = [outcome(1, '未完成'), outcome(2, null), outcome(3, '已销号'), outcome(4, '已销号')];
    expect(leftOut(rows, outcomes)).toEqual([
      { words: '已销号', names: ['点位3', '点位4'] },
      { words: '未完成', names: ['点位1'] },
    ]);
  });

  it('can be undone where nothing was lost', () => {
    expect(undoable('propose_strike_off', { words: '' }) && undoable('strike_off', { words: '' })).toBe(true);
    expect(undoable('reassign', { words: '', to_deputy_id: 4 })).toBe(true);
    expect(undoable('return', { words: '' }) || undoable('correct', { words: '' })).toBe(false);
  });

  it('goes back the way it came', () => {
    expect(wayBack('strike_off', { words: '验收' }, '撤销')).toEqual({ act: 'reopen', form: { words: '撤销' } });
    expect(wayBack('confirm_strike_off', { words: '' }, '撤销').act).toBe('reopen');
    expect(wayBack('propose_strike_off', { words: '验收' }, '撤销').act).toBe('withdraw_proposal');
    const form = { words: '就近', from_deputy_id: 3, to_deputy_id: 4, reason: 'leave' as const };
    const turned = { words: '撤销', from_deputy_id: 4, to_deputy_id: 3, reason: 'leave' };
    expect(wayBack('reassign', form, '撤销')).toEqual({ act: 'reassign', form: turned });
  });
});
