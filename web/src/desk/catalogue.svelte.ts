// Projects, townships and units for the desk's filters and forms: read once for all pages.
import { get } from '../api/client';
import { Loaded } from '../api/loaded.svelte';
import type { Named, Page, ProjectView, RegionView } from '../api/wire';

export const projects = new Loaded<ProjectView[]>();
export const regions = new Loaded<RegionView[]>();
export const units = new Loaded<Named[]>();

async function all<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await get(path, { cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** Reads what has not been read yet. */
export function readCatalogue(): void {
  if (projects.value === null && !projects.busy) void projects.read(() => all<ProjectView>('/api/projects'));
  if (regions.value === null && !regions.busy) void regions.read(() => all<RegionView>('/api/regions'));
  if (units.value === null && !units.busy) void units.read(() => all<Named>('/api/units'));
}

/** What was read is read anew where it is shown next: something in it was entered or mended. */
export function forgetCatalogue(): void {
  projects.value = null;
  regions.value = null;
  units.value = null;
}

/** Every item of a paged list. */
export const readAll = all;
