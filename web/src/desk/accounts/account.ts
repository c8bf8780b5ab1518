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
}

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
