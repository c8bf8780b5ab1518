import { expect, it } from 'vitest';
import { detailName, detailWords } from './texts';

it('says details in words', () => {
  expect(detailName('reason')).toBe('理由');
  expect(detailName('zoom')).toBe('zoom');
  expect(detailWords('by', 'address')).toBe('不在办公网络');
  expect(detailWords('awaits_confirmation', true)).toBe('是');
  expect(detailWords('from', ['not_started', 0])).toBe('not_started、0');
  expect(detailWords('filters', { reason: 'x', outcome: null })).toBe('理由：x');
  expect(detailWords('filters', {})).toBe('—');
});
