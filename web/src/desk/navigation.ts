/** Which pages of the desk an account sees: what its grants allow and nothing else. The server decides; this only spares dead ends. */
import type { GrantView, Role } from '../api/wire';

export type PageName =
  | 'review'
  | 'challenges'
  | 'orders'
  | 'months'
  | 'sites'
  | 'theme'
  | 'offers'
  | 'plan'
  | 'roster'
  | 'joining'
  | 'duty'
  | 'imports'
  | 'settings'
  | 'unit'
  | 'station'
  | 'accounts'
  | 'security'
  | 'audit'
  | 'deliveries'
  | 'notices'
  | 'sessions';

const PAGES_OF: Record<Role, readonly PageName[]> = {
  committee: [
    'review',
    'challenges',
    'orders',
    'months',
    'sites',
    'offers',
    'plan',
    'roster',
    'joining',
    'duty',
    'deliveries',
    'imports',
    'settings',
  ],
  working_committee: [
    'review',
    'challenges',
    'orders',
    'months',
    'sites',
    'offers',
    'roster',
    'joining',
    'duty',
    'deliveries',
    'imports',
  ],
  unit_handler: ['unit', 'orders', 'sites'],
  station_keeper: ['station'],
  administrator: ['accounts'],
  security_administrator: ['security', 'accounts'],
  auditor: ['audit'],
  deputy: ['theme'],
};

const ORDER: readonly PageName[] = [
  'review',
  'unit',
  'challenges',
  'orders',
  'months',
  'station',
  'sites',
  'offers',
  'plan',
  'roster',
  'joining',
  'duty',
  'deliveries',
  'imports',
  'settings',
  'security',
  'accounts',
  'audit',
  'theme',
  'notices',
  'sessions',
];

/** The pages in the order of the navigation; one's own notices and sign-ins belong to everybody. */
export function pagesOf(grants: readonly Pick<GrantView, 'role'>[]): PageName[] {
  const allowed = new Set<PageName>(['notices', 'sessions']);
  for (const grant of grants) for (const page of PAGES_OF[grant.role]) allowed.add(page);
  return ORDER.filter((page) => allowed.has(page));
}

/** Whether the account has nothing to do here but belongs in the deputies' app. */
export function belongsToDeputies(grants: readonly Pick<GrantView, 'role'>[]): boolean {
  return grants.length > 0 && grants.every((grant) => grant.role === 'deputy');
}

/** Whether the account decides about plans: the county's committee alone. */
export function mayDecide(grants: readonly Pick<GrantView, 'role'>[]): boolean {
  return grants.some((grant) => grant.role === 'committee');
}

/** Whether the account may act on sites: return, correct, strike off, remind. */
export function mayAct(grants: readonly Pick<GrantView, 'role'>[]): boolean {
  return grants.some((grant) => grant.role === 'committee' || grant.role === 'working_committee');
}

/** Whether the account has lists to take out as files. */
export function mayTakeOut(grants: readonly Pick<GrantView, 'role'>[]): boolean {
  const roles: Role[] = [
    'committee',
    'working_committee',
    'unit_handler',
    'administrator',
    'security_administrator',
    'auditor',
  ];
  return grants.some((grant) => roles.includes(grant.role));
}
