/** What the audit log is narrowed by. Pure. */

export interface AuditFilters {
  person: string;
  action: string;
  object_kind: string;
  object_id: string;
  outcome: '' | 'done' | 'refused';
  address: string;
  from: string;
  to: string;
}

export const NO_FILTERS: AuditFilters = {
  person: '',
  action: '',
  object_kind: '',
  object_id: '',
  outcome: '',
  address: '',
  from: '',
  to: '',
};

/** Those that narrow anything, as the server takes them. */
export function asked(filters: AuditFilters): Partial<Record<keyof AuditFilters, string>> {
  const trimmed = Object.entries(filters).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}
