import { expect, it } from 'vitest';
import { actKeys } from './act_key';

it('an act keeps its key while it is repeated and takes another when it changes', () => {
  const keyFor = actKeys();
  const first = keyFor({ words: '一' });
  expect(keyFor({ words: '一' })).toBe(first);
  expect(keyFor({ words: '二' })).not.toBe(first);
});
