// How far a password that is being typed meets the rules in force. What only the server can judge (common words, those of before) is said, not judged.
import type { PasswordRules } from '../api/wire';

export type RuleKey = 'length' | 'kinds' | 'own' | 'not_again' | 'lasts';

export interface RuleStanding {
  key: RuleKey;
  /** Null: cannot be told here. */
  met: boolean | null;
}

const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

export function kindsOf(typed: string): number {
  return KINDS.filter((kind) => kind.test(typed)).length;
}

/** Characters as people count them, and as the server does. */
export function lengthOf(typed: string): number {
  return [...typed].length;
}

/** The rules in the order in which they are shown. `own` are words about the person: a password that holds one is mostly guessed. */
export function standings(rules: PasswordRules, typed: string, own: string[]): RuleStanding[] {
  const length = lengthOf(typed);
  const list: RuleStanding[] = [{ key: 'length', met: length >= rules.shortest && length <= rules.longest }];
  if (rules.kinds !== null) list.push({ key: 'kinds', met: kindsOf(typed) >= rules.kinds });
  const lower = typed.toLowerCase();
  const names = own.map((word) => word.trim().toLowerCase()).filter((word) => word.length > 1);
  list.push({ key: 'own', met: typed !== '' && names.some((word) => lower.includes(word)) ? false : null });
  if (rules.not_again !== null) list.push({ key: 'not_again', met: null });
  if (rules.lasts_days !== null) list.push({ key: 'lasts', met: null });
  return list;
}
