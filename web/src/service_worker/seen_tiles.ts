/**
 * The tiles that the map has asked for. They are fetched by the map's own worker, so the page's record of what it loaded does not have them;
 * without them the map kept at a first visit would have no ground.
 */
export const seenTiles: Set<string> = new Set();
