import { expect, it } from 'vitest';
import { grantBody, isWhole } from './account';

it('names whom the role speaks for, and only then', () => {
  expect(grantBody({ role: 'unit_handler', region: '330999', whose: '4' })).toEqual({
    role: 'unit_handler',
    region: '330999',
    unit_id: 4,
  });
  expect(grantBody({ role: 'committee', region: '330999', whose: '4' })).toEqual({
    role: 'committee',
    region: '330999',
  });
});

it('knows what is still missing', () => {
  expect(isWhole({ role: 'deputy', region: '330999', whose: '' })).toBe(false);
  expect(isWhole({ role: 'auditor', region: '330999', whose: '' })).toBe(true);
  expect(isWhole({ role: 'auditor', region: '', whose: '' })).toBe(false);
});
