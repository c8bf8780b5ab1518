import { expect, it } from 'vitest';
import {
  type AccountView,
  actsOn,
  beforeInviting,
  choiceOf,
  grantBody,
  isWhole,
  noCardFor,
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

it('knows before an account is made whether a card can invite it', () => {
  const roles = (...all: (typeof ROLES)[number][]) => noCardFor(all.map((role) => ({ role })));
  for (const one of ['administrator', 'security_administrator', 'auditor'] as const) {
    expect(roles(one)).toBe('administrator');
    expect(roles('committee', one)).toBe('administrator');
  }
  expect(roles('deputy', 'deputy')).toBe('deputy_alone');
  expect(roles('deputy', 'committee')).toBeNull();
  expect(roles('unit_handler')).toBeNull();
});

it('counts whose password will end and whose card says no login', () => {
  const account = (password: AccountView['password'], notice_phone: string | null) =>
    ({ password, notice_phone }) as AccountView;
  const chosen = [account('own', null), account('none', '137****0001'), account('given', null)];
  expect(beforeInviting(chosen)).toEqual({ own: 1, withoutPhone: 2 });
});

it('offers each administrator their own acts, and revoking where there is a card', () => {
  const account = {
    awaits_confirmation_since: null,
    has_second_factor: true,
    disabled_at: null,
    invitation: null,
  } as AccountView;
  const card = { expires_at: '2026-11-19T09:00:00+08:00', made_by: '管理员' };
  const manager = { manages: true, guards: false };
  const guard = { manages: false, guards: true };
  expect(actsOn(account, manager)).toEqual(['change', 'phone', 'password', 'disable']);
  expect(actsOn({ ...account, invitation: card }, manager)).toContain('revoke');
  expect(actsOn({ ...account, disabled_at: card.expires_at }, manager)).toEqual(['change', 'password', 'enable']);
  expect(actsOn(account, guard)).toEqual(['second-factor/reset']);
  const waits = { ...account, awaits_confirmation_since: card.expires_at, invitation: card };
  expect(actsOn(waits, guard)).toEqual(['confirm', 'refuse', 'second-factor/reset']);
  expect(actsOn(waits, { manages: false, guards: false })).toEqual([]);
});
