// How far in the map may go so that a box just fits the window. Pure; the map library's own answer needs a map that is already there.

export type Bounds = [west: number, south: number, east: number, north: number];

const WORLD_PX = 512;

/** The zoom at which the box fills a window of this size, less the padding on each side. */
export function zoomToFit([west, south, east, north]: Bounds, width: number, height: number, padding: number): number {
  const across = ((east - west) / 360) * WORLD_PX;
  const down = (northing(north) - northing(south)) * WORLD_PX;
  const scale = Math.min(room(width, padding) / across, room(height, padding) / down);
  return Math.log2(scale);
}

function room(length: number, padding: number): number {
  return Math.max(1, length - 2 * padding);
}

/** Latitude as a share of the Mercator square, growing northwards. */
function northing(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
