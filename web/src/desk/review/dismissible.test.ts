import { expect, test } from 'vitest';
import type { ReviewReason, ReviewRow } from '../../api/wire';
import { dismissible } from './dismissible';

const row = (...codes: ReviewReason[]) => ({ reasons: codes.map((code) => ({ code })) }) as unknown as ReviewRow;

test('late work is never among what can be put aside', () => {
  expect(dismissible([row('overdue_red'), row('overdue_yellow')])).toEqual([]);
});

test('findings are counted over the chosen rows', () => {
  expect(dismissible([row('overdue_red', 'off_site'), row('silent'), row('silent', 'off_site')])).toEqual([
    { reason: 'silent', count: 2 },
    { reason: 'off_site', count: 2 },
  ]);
});
