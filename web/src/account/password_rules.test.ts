import { describe, expect, test } from 'vitest';
import type { PasswordRules } from '../api/wire';
import { kindsOf, lengthOf, standings } from './password_rules';

const ASVS: PasswordRules = {
  profile: 'asvs',
  shortest: 12,
  longest: 128,
  kinds: null,
  not_again: null,
  lasts_days: null,
};
const DENGBAO: PasswordRules = {
  profile: 'dengbao',
  shortest: 12,
  longest: 128,
  kinds: 3,
  not_again: 5,
  lasts_days: 90,
};

function met(rules: PasswordRules, typed: string, own: string[] = []) {
  return Object.fromEntries(standings(rules, typed, own).map((each) => [each.key, each.met]));
}

describe('the rules of a new password', () => {
  test('are all there before anything is typed, those of the profile in force and no others', () => {
    expect(standings(ASVS, '', []).map((each) => each.key)).toEqual(['length', 'own']);
    expect(standings(DENGBAO, '', []).map((each) => each.key)).toEqual([
      'length',
      'kinds',
      'own',
      'not_again',
      'lasts',
    ]);
    expect(met(DENGBAO, '')).toEqual({ length: false, kinds: false, own: null, not_again: null, lasts: null });
  });

  test('are met one by one as it is typed', () => {
    expect(met(DENGBAO, 'chunjiang')).toMatchObject({ length: false, kinds: false });
    expect(met(DENGBAO, 'chunjiang 2026')).toMatchObject({ length: true, kinds: true });
    expect(met(ASVS, '春江水暖鸭先知竹外桃花')).toMatchObject({ length: false });
    expect(met(ASVS, '春江水暖鸭先知竹外桃花三')).toMatchObject({ length: true });
    expect(met(ASVS, 'x'.repeat(129))).toMatchObject({ length: false });
  });

  test('count characters and kinds as the server does', () => {
    expect(lengthOf('👍🏽𠮷a')).toBe(4);
    expect(kindsOf('aA1 ')).toBe(4);
    expect(kindsOf('春江')).toBe(1);
  });

  test('warn of words about the person, whatever their case, and never praise what only the server can judge', () => {
    expect(met(ASVS, 'Wang.Wu und noch etwas', ['wang.wu', '王五'])).toMatchObject({ own: false });
    expect(met(ASVS, 'correct horse battery', ['wang.wu', '王五', '', ' '])).toMatchObject({ own: null });
  });
});
