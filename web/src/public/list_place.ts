// Where the reader was in the list, kept while the map takes its place, so that coming back is coming back there.
export const listPlace = {
  /** How many rows were shown. */
  shown: 0,
  /** How far the list was scrolled, in pixels. */
  top: 0,
};
