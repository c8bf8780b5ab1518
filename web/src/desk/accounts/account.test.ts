import { expect, it } from 'vitest';
import {
  choiceOf,
  grantBody,
  isWhole,
  ROLES,
  regionsOf,
  rolesBeside,
  sameGrants,
  watchesAdministrators,
} from './account';

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

it('offers only what the server takes: each of the three administrators alone', () => {
  const three = ['administrator', 'security_administrator', 'auditor'] as const;
  expect(rolesBeside([])).toEqual([...ROLES]);
  for (const role of three) expect(rolesBeside([{ role }])).toEqual([]);
  const beside = rolesBeside([{ role: 'deputy' }]);
  expect(beside).toContain('committee');
  for (const role of three) expect(beside).not.toContain(role);
});

it('knows whose accounts wait for a second person whatever the county set', () => {
  expect(watchesAdministrators([{ role: 'auditor' }])).toBe(true);
  expect(watchesAdministrators([{ role: 'security_administrator' }])).toBe(true);
  expect(watchesAdministrators([{ role: 'administrator' }])).toBe(false);
});

it('offers a role where it can be held', () => {
  const county = { code: '330999', name: '县' };
  const regions = [county, { code: '330999001', name: '镇' }, { code: '330999001002', name: '村' }];
  const codes = (role: (typeof ROLES)[number]) => regionsOf(role, county, regions).map((region) => region.code);
  expect(codes('working_committee')).toEqual(['330999001']);
  expect(codes('committee')).toEqual(['330999']);
  expect(codes('auditor')).toEqual(['330999']);
  expect(codes('deputy')).toEqual(['330999', '330999001', '330999001002']);
});

it('shows a right that is held as the form has it, and knows when nothing changes', () => {
  const held = {
    role: 'unit_handler',
    region: { code: '330999', name: '县' },
    deputy: null,
    unit: { id: 4, name: '局' },
    station: null,
  } as const;
  const chosen = choiceOf(held);
  expect(chosen).toEqual({ role: 'unit_handler', region: '330999', whose: '4' });
  const other = { role: 'committee', region: '330999', whose: '' } as const;
  expect(sameGrants([chosen, other], [other, chosen])).toBe(true);
  expect(sameGrants([chosen], [{ ...chosen, whose: '5' }])).toBe(false);
  expect(sameGrants([chosen], [chosen, other])).toBe(false);
});
