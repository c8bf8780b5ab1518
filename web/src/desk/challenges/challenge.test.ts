import { expect, test } from 'vitest';
import { asked, consequencesOf, judgementBody, namesStage, possibleActs } from './challenge';

const open = { state: 'submitted', may_decide: true, own_case: false, erased: false } as const;

test('the acts follow the state, and nobody settles their own case', () => {
  expect(possibleActs(open)).toEqual(['accept', 'publish', 'decline']);
  expect(possibleActs({ ...open, state: 'accepted' })).toEqual(['judge', 'publish', 'decline']);
  expect(possibleActs({ ...open, state: 'accepted', own_case: true })).toEqual(['publish']);
  expect(possibleActs({ ...open, state: 'founded' })).toEqual(['publish']);
  expect(possibleActs({ ...open, state: 'declined' })).toEqual([]);
  expect(possibleActs({ ...open, may_decide: false })).toEqual([]);
});

test('a founded challenge of a struck-off site opens it again, and an unfounded one changes nothing', () => {
  expect(consequencesOf(true, true)).toEqual(['reopen']);
  expect(consequencesOf(false, true)).toEqual(['none']);
  expect(consequencesOf(true, false)).toContain('return_report');
});

test('a stage is named only where one is set', () => {
  const form = {
    founded: true,
    consequence: 'reopen',
    setStage: false,
    stage: 'in_progress',
    percent: 40,
    reason: ' 属实 ',
  } as const;
  expect(judgementBody(form, { rev: 2, site_rev: 9 })).toEqual({
    founded: true,
    reason: '属实',
    consequence: 'reopen',
    stage: null,
    percent: null,
    site_rev: 9,
    rev: 2,
  });
  expect(namesStage({ ...form, setStage: true })).toBe(true);
  expect(judgementBody({ ...form, consequence: 'correct_stage' }, { rev: 2, site_rev: 9 }).stage).toBe('in_progress');
});

test('each view asks for its part', () => {
  expect(asked('open')).toEqual({ open: true });
  expect(asked('all')).toEqual({});
  expect(asked('declined')).toEqual({ state: 'declined' });
});
