import { expect, test } from 'vitest';
import { heightBelow } from './remaining_height';

test('what stands below the head is as tall as the rest of the window, and the whole window once the head has gone', () => {
  expect(heightBelow(378, 900, 12, 320)).toBe(510);
  expect(heightBelow(12, 900, 12, 320)).toBe(876);
  expect(heightBelow(-400, 900, 12, 320)).toBe(876);
});

test('it stays tall enough to be used', () => {
  expect(heightBelow(700, 900, 12, 320)).toBe(320);
});
