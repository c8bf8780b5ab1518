import { expect, it } from 'vitest';
import { askedBy } from './address';

it('reads the token behind the #, and nothing else as one', () => {
  const token = '0a1b2c3d4e5f6g7h8j9kamcnep';
  expect(askedBy(`#${token}`)).toEqual({ kind: 'invitation', token });
  expect(askedBy(`#${token.toUpperCase()}%20`)).toEqual({ kind: 'invitation', token: token.toUpperCase() });
  expect(askedBy('#forgotten')).toEqual({ kind: 'forgotten' });
  for (const other of ['', '#', '#%', '#short', '#<script>alert(1)</script>'])
    expect(askedBy(other)).toEqual({ kind: 'nothing' });
});
