import { describe, expect, it } from 'vitest';
import { bodyOf, type Draft, edited, handedIn, lacks, mayEdit, percentFor } from './draft';

const photo = { sha256: 'a'.repeat(64), blob: new Blob(['x']), thumbnailUrl: null, width: 1, height: 1 };

function draft(change: Partial<Draft> = {}): Draft {
  return {
    id: '019a0000-0000-7000-8000-000000000001',
    accountId: 7,
    siteId: 3,
    siteCode: 'MS26-01-003',
    siteName: '中心幼儿园',
    stageBefore: 'in_progress',
    amends: null,
    stage: 'in_progress',
    percent: 40,
    words: ' 墙体已砌筑 ',
    problems: [],
    photos: [],
    position: null,
    stepBackReason: '',
    writtenAt: '2026-11-22T02:00:00.000Z',
    delivery: { step: 'editing' },
    receipt: null,
    ...change,
  };
}

describe('what a draft lacks', () => {
  it('needs nothing more when the stage stays', () => {
    expect(lacks(draft())).toEqual([]);
  });

  it('needs a picture for any change of stage', () => {
    expect(lacks(draft({ stage: 'completed', percent: 100 }))).toEqual(['photo']);
    expect(lacks(draft({ stage: 'completed', percent: 100, photos: [photo] }))).toEqual([]);
  });

  it('needs a reason for a step back, and blanks are none', () => {
    const back = draft({ stage: 'not_started', percent: 0, photos: [photo], stepBackReason: '  ' });
    expect(lacks(back)).toEqual(['step_back_reason']);
  });

  it('has no number of a person in what will be public', () => {
    expect(lacks(draft({ words: '联系张工 13800001111' }))).toEqual(['public_words']);
    expect(lacks(draft({ words: '合同 2026-0713，投资 1380 万' }))).toEqual([]);
    const back = { stage: 'not_started', percent: 0, stepBackReason: '问 138-0000-1111' } as const;
    expect(lacks(draft({ ...back, photos: [photo] }))).toEqual(['public_reason']);
    expect(lacks(draft({ stepBackReason: '问 13800001111' }))).toEqual([]);
  });

  it('needs a stage first', () => {
    expect(lacks(draft({ stage: null }))).toEqual(['stage']);
  });
});

describe('the percent', () => {
  it('follows the stage and keeps a figure that fits', () => {
    expect(percentFor('completed', 40)).toBe(100);
    expect(percentFor('not_started', 40)).toBe(0);
    expect(percentFor('in_progress', 40)).toBe(40);
    expect(percentFor('in_progress', 0)).toBe(5);
    expect(percentFor('in_progress', 100)).toBe(95);
  });
});

describe('the body', () => {
  it('carries a reason only for a step back', () => {
    expect(bodyOf(draft({ stepBackReason: '误填' })).step_back_reason).toBeNull();
    expect(bodyOf(draft({ stage: 'not_started', percent: 0, stepBackReason: '误填' })).step_back_reason).toBe('误填');
  });

  it('is trimmed', () => {
    expect(bodyOf(draft()).words).toBe('墙体已砌筑');
  });
});

describe('handing in', () => {
  const [written, pressed] = ['2026-10-31T14:00:00.000Z', new Date('2026-11-02T01:00:00Z')];

  it('is the moment of writing when it is the first attempt', () => {
    const sent = handedIn({ ...draft(), writtenAt: written, delivery: { step: 'editing' } }, pressed);
    expect([sent.writtenAt, sent.delivery.step]).toEqual([pressed.toISOString(), 'sending']);
  });

  it('changes nothing of what was sent before', () => {
    const later: Draft['delivery'][] = [
      { step: 'sending' },
      { step: 'waiting', why: 'network', retryAfterS: null },
      { step: 'refused', words: '', fields: [] },
    ];
    for (const delivery of later)
      expect(handedIn({ ...draft(), writtenAt: written, delivery }, pressed).writtenAt).toBe(written);
  });
});

describe('editing', () => {
  const now = new Date('2026-11-22T03:00:00Z');

  it('keeps the id and notes the time', () => {
    const changed = edited(draft(), { percent: 50 }, now, 'fresh');
    expect([changed.id, changed.writtenAt]).toEqual([draft().id, now.toISOString()]);
  });

  it('takes a fresh id after a refusal', () => {
    const refused = draft({ delivery: { step: 'refused', words: '', fields: [] } });
    expect(edited(refused, {}, now, 'fresh').id).toBe('fresh');
  });

  it('is not possible while an attempt may have arrived', () => {
    const waiting = draft({ delivery: { step: 'waiting', why: 'network', retryAfterS: null } });
    expect(mayEdit(waiting)).toBe(false);
    expect(() => edited(waiting, {}, now, 'fresh')).toThrow();
  });
});
