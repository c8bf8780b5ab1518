import { expect, it } from 'vitest';
import { rowsOf } from './receipt_picture';

const upTo = (count: number) => (row: string) => row.length <= count;

it('breaks a secret at its hyphens and Chinese between characters', () => {
  expect(rowsOf('K7QM-3XHD-AAAA', upTo(10))).toEqual(['K7QM-3XHD-', 'AAAA']);
  expect(rowsOf('两样都要留好', upTo(4))).toEqual(['两样都要', '留好']);
  expect(rowsOf('keep both of them', upTo(9))).toEqual(['keep both', 'of them']);
});
