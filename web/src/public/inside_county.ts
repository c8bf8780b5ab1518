// Whether a place lies in the county, as near as the boxes of its townships tell. Asked on this page, so that the place is sent nowhere.
import { readRegions } from '../api/public_map';
import type { Position } from '../api/wire';
import { countyState } from './county_state.svelte';

type Box = readonly [west: number, south: number, east: number, north: number];

export async function isInside(at: Position): Promise<boolean> {
  const { items } = await readRegions();
  const townships = items.flatMap((region): Box[] => (region.bounds ? [region.bounds] : []));
  const county = countyState.county?.bounds;
  return liesIn(at, townships.length > 0 ? townships : county ? [county] : []);
}

/** Whether a place lies in one of the boxes. */
export function liesIn({ lon, lat }: Position, boxes: readonly Box[]): boolean {
  return boxes.some(([west, south, east, north]) => lon >= west && lon <= east && lat >= south && lat <= north);
}
