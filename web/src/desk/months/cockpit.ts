// What the cockpit shows: which parts, which rows behind a figure, whom a reminder reaches. Pure.
import type { Cockpit, CockpitPart, CockpitRow } from '../../api/wire';

export type By = 'group' | 'township' | 'project' | 'deputy';
export type Standing = CockpitRow['standing'];
/** A figure that leads to its rows. */
export type Figure = 'owed' | 'received' | 'on_time' | 'late' | 'missing' | 'excused';

export const BYS: readonly By[] = ['group', 'township', 'project', 'deputy'];
export const FIGURES: readonly Figure[] = ['owed', 'received', 'on_time', 'late', 'missing', 'excused'];

const STANDINGS: Record<Figure, readonly Standing[]> = {
  owed: ['on_time', 'late', 'missing'],
  received: ['on_time', 'late'],
  on_time: ['on_time'],
  late: ['late'],
  missing: ['missing'],
  excused: ['excused'],
};

export interface Asked {
  figure: Figure;
  by: By | null;
  part: CockpitPart | null;
}

export function partsOf(cockpit: Cockpit, by: By): CockpitPart[] {
  return { group: cockpit.groups, township: cockpit.townships, project: cockpit.projects, deputy: cockpit.deputies }[
    by
  ];
}

function keyOf(row: CockpitRow, by: By): string {
  return { group: row.group, township: row.township, project: String(row.project), deputy: String(row.deputy.id) }[by];
}

/** The rows that a figure counts, whole or of one part. */
export function rowsBehind(rows: readonly CockpitRow[], { figure, by, part }: Asked): CockpitRow[] {
  const wanted = STANDINGS[figure];
  return rows.filter(
    (row) => wanted.includes(row.standing) && (by === null || part === null || keyOf(row, by) === part.key),
  );
}

/** The same question as an address, for the file of these rows. */
export function filtersBehind({ figure, by, part }: Asked): string {
  const of = by === null || part === null ? {} : { by, part: part.key };
  return new URLSearchParams({ figure, ...of }).toString();
}

/** What a reminder names: all, or one part. A group's empty key is its number nought. */
export function reachOf(by: By | null, part: CockpitPart | null): Record<string, string | number> {
  if (by === null || part === null) return {};
  if (by === 'township') return { region: part.key };
  return { [by]: Number(part.key) };
}

/** The parts whose name holds what is searched for. */
export function found(parts: readonly CockpitPart[], words: string): CockpitPart[] {
  const wanted = words.trim().toLowerCase();
  return wanted === '' ? [...parts] : parts.filter((part) => part.name.toLowerCase().includes(wanted));
}
