// Where the map looks. Kept apart from the map itself so that pages can speak of it without loading MapLibre.
export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
}

/** What the map leaves free at its edges, in CSS pixels, because a panel lies over it. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}
