// An account as the administrator sees it, and the right that is being given to a new one. Pure.
import type { GrantView, Role } from '../../api/wire';

export interface AccountView {
  id: number;
  login: string;
  name: string;
  grants: GrantView[];
  created_at: string;
  disabled_at: string | null;
  /** Since when the security administrator is to confirm it; nobody signs in meanwhile. */
  awaits_confirmation_since: string | null;
  has_second_factor: boolean;
  /** To be sent with a change. */
  rev: number;
  /** Where notices go by text message, masked. */
  notice_phone: string | null;
  /** Whose choice the password is; with `none` nobody signs in. */
  password: 'none' | 'given' | 'own';
  /** Why the account cannot be invited by a card. */
  no_card: NoCard | null;
  /** The card that was neither used nor revoked. */
  invitation: { expires_at: string; made_by: string } | null;
}

/** What may be done with one account. */
export type AccountAct =
  | 'confirm'
  | 'refuse'
  | 'second-factor/reset'
  | 'change'
  | 'phone'
  | 'revoke'
  | 'password'
  | 'enable'
  | 'disable';

/** What somebody may do with an account that is not their own, in the order of the buttons. */
export function actsOn(account: AccountView, { manages, guards }: { manages: boolean; guards: boolean }): AccountAct[] {
  const acts: (AccountAct | false)[] = [
    guards && account.awaits_confirmation_since !== null && 'confirm',
    guards && account.awaits_confirmation_since !== null && 'refuse',
    guards && account.has_second_factor && 'second-factor/reset',
    manages && 'change',
    manages && account.disabled_at === null && 'phone',
    manages && account.invitation !== null && 'revoke',
    manages && 'password',
    manages && (account.disabled_at === null ? 'disable' : 'enable'),
  ];
  return acts.filter((act) => act !== false);
}

export type NoCard = 'own' | 'administrator' | 'disabled' | 'deputy_alone';

/** A right being chosen in the form; `whose` is the id of the deputy, unit or station, as a select holds it. */
export interface GrantChoice {
  role: Role;
  region: string;
  whose: string;
}

export const ROLES: readonly Role[] = [
  'committee',
  'working_committee',
  'deputy',
  'station_keeper',
  'unit_handler',
  'administrator',
  'security_administrator',
  'auditor',
];

/** Which kind of thing a role speaks for, if any. */
export function speaksFor(role: Role): 'deputy' | 'unit' | 'station' | null {
  if (role === 'deputy') return 'deputy';
  if (role === 'unit_handler') return 'unit';
  return role === 'station_keeper' ? 'station' : null;
}

/** A right that is held, as the form shows it. */
export function choiceOf(grant: GrantView): GrantChoice {
  const kind = speaksFor(grant.role);
  const whose = kind === null ? null : grant[kind];
  return { role: grant.role, region: grant.region.code, whose: whose === null ? '' : String(whose.id) };
}

/** Whether two sets of rights come to the same, in whatever order. */
export function sameGrants(some: readonly GrantChoice[], others: readonly GrantChoice[]): boolean {
  const written = (all: readonly GrantChoice[]) =>
    all
      .map(({ role, region, whose }) => `${role} ${region} ${whose}`)
      .sort()
      .join();
  return written(some) === written(others);
}

const ADMINISTRATORS: readonly Role[] = ['administrator', 'security_administrator', 'auditor'];

/** Why an account with these rights could not be invited by a card, as the server judges it. */
export function noCardFor(grants: readonly Pick<GrantChoice, 'role'>[]): NoCard | null {
  if (grants.some(({ role }) => ADMINISTRATORS.includes(role))) return 'administrator';
  return grants.length > 0 && grants.every(({ role }) => role === 'deputy') ? 'deputy_alone' : null;
}

/** What the administrator should know of the chosen before their cards are made. */
export function beforeInviting(accounts: readonly AccountView[]): { own: number; withoutPhone: number } {
  return {
    own: accounts.filter(({ password }) => password === 'own').length,
    withoutPhone: accounts.filter(({ notice_phone }) => notice_phone === null).length,
  };
}

/** Roles that a right can have beside the others of the account: each of the three administrators is nothing else. */
export function rolesBeside(others: readonly Pick<GrantChoice, 'role'>[]): Role[] {
  if (others.length === 0) return [...ROLES];
  if (others.some((each) => ADMINISTRATORS.includes(each.role))) return [];
  return ROLES.filter((role) => !ADMINISTRATORS.includes(role));
}

/** Whether an account with such rights always waits for the security administrator: it watches over whoever makes it. */
export function watchesAdministrators(grants: readonly Pick<GrantChoice, 'role'>[]): boolean {
  return grants.some((each) => each.role === 'security_administrator' || each.role === 'auditor');
}

/** Where a role can be held: by the county's own over the whole county, by a working committee in a township, by others anywhere. */
export function regionsOf<Region extends { code: string }>(
  role: Role,
  county: Region | null,
  regions: readonly Region[],
): Region[] {
  const whole = county ? [county] : [];
  if (role === 'committee' || ADMINISTRATORS.includes(role)) return whole;
  if (role === 'working_committee') return regions.filter((region) => region.code.length === 9);
  return [...whole, ...regions.filter((region) => region.code !== county?.code)];
}

/** The choice as the server takes it. */
export function grantBody(choice: GrantChoice): Record<string, string | number> {
  const kind = speaksFor(choice.role);
  const body = { role: choice.role, region: choice.region };
  return kind === null ? body : { ...body, [`${kind}_id`]: Number(choice.whose) };
}

/** Whether everything the role needs has been chosen. */
export function isWhole(choice: GrantChoice): boolean {
  return choice.region !== '' && (speaksFor(choice.role) === null || choice.whose !== '');
}
