// A pin that is dragged to where something is to be: by pointer, by a click on the map, or by the arrow keys when it has the focus.
import { type Map as MapLibreMap, type MapMouseEvent, Marker } from 'maplibre-gl';
import type { Position } from '../api/wire';
import './movable_pin.css';

export interface MovablePin {
  /** Puts the pin somewhere without telling anybody. */
  put(position: Position): void;
  remove(): void;
}

const STEP_PX = 4;
const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP_PX, 0],
  ArrowRight: [STEP_PX, 0],
  ArrowUp: [0, -STEP_PX],
  ArrowDown: [0, STEP_PX],
};

export function movablePin(
  map: MapLibreMap,
  at: Position,
  label: string,
  ondrop: (position: Position) => void,
): MovablePin {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'movable-pin';
  element.setAttribute('aria-label', label);
  const marker = new Marker({ element, draggable: true, anchor: 'bottom' }).setLngLat([at.lon, at.lat]).addTo(map);
  const tell = () => {
    const { lng, lat } = marker.getLngLat();
    ondrop({ lon: rounded(lng), lat: rounded(lat) });
  };
  const follow = (event: MapMouseEvent) => {
    marker.setLngLat(event.lngLat);
    tell();
  };
  const step = (event: KeyboardEvent) => {
    const move = STEPS[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = map.project(marker.getLngLat());
    marker.setLngLat(map.unproject([x + move[0], y + move[1]]));
    tell();
  };
  marker.on('dragend', tell);
  map.on('click', follow);
  element.addEventListener('keydown', step);
  return {
    put: ({ lon, lat }) => void marker.setLngLat([lon, lat]),
    remove() {
      map.off('click', follow);
      marker.remove();
    },
  };
}

/** A tenth of a metre. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
