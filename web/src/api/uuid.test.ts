import { expect, it } from 'vitest';
import { uuidV7 } from './uuid';

it('carries the moment, the version and the variant', () => {
  expect(uuidV7(0x0192_3456_789a, new Uint8Array(10).fill(0xff))).toBe('01923456-789a-7fff-bfff-ffffffffffff');
});

it('sorts by the moment it was made', () => {
  expect(uuidV7(1000) < uuidV7(2000)).toBe(true);
});
