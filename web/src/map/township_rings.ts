// The townships' rings on the map at county zoom: real buttons, one a township, so that keyboard and screen reader reach what the eye sees.
import './township_rings.css';
import type { Map as MapLibreMap } from 'maplibre-gl';
import type { Position } from '../api/wire';
import { arcsOf, type StageShares } from './ring_arcs';
import { layRings, type RingWish } from './ring_layout';

export interface TownshipRing extends StageShares {
  code: string;
  name: string;
  position: Position;
  overdue: number;
  /** What assistive technology reads. */
  words: string;
}

export interface TownshipRings {
  set(rings: readonly TownshipRing[]): void;
  /** Whether they are seen; unseen ones cannot be reached either. */
  show(shown: boolean): void;
  remove(): void;
}

const SVG = 'http://www.w3.org/2000/svg';
/** A pointer that moved farther was moving the map. */
const TAP_SLACK_PX = 6;
const BOX = 64;
const BAND = 10;
/** Names shrink less than rings: they have to be read. */
const LEAST_NAME = 0.82;

interface Placed {
  ring: TownshipRing;
  item: HTMLLIElement;
  button: HTMLButtonElement;
  size: number;
}

export function ringsOn(
  map: MapLibreMap,
  label: string,
  textScale: number,
  onPick: (code: string) => void,
): TownshipRings {
  const list = document.createElement('ul');
  list.className = 'township-rings';
  list.setAttribute('aria-label', label);
  map.getCanvasContainer().append(list);
  let placed: Placed[] = [];
  const narrow = () => map.getContainer().clientWidth < 560;

  function place(): void {
    const wishes = placed.map(({ ring, size }): RingWish => {
      const { x, y } = map.project([ring.position.lon, ring.position.lat]);
      const name = nameSize(textScale, narrow());
      const aside = Math.max(size / 2 + (ring.overdue ? 6 : 0), (ring.name.length * name) / 2);
      return { x, y, aside, above: size / 2 + 2, below: size / 2 + name * 1.25 };
    });
    layRings(wishes).forEach(({ dx, dy, scale }, at) => {
      const [wish, one] = [wishes[at], placed[at]];
      if (!wish || !one) return;
      one.item.style.transform = `translate(${(wish.x + dx).toFixed(1)}px, ${(wish.y + dy).toFixed(1)}px)`;
      one.button.style.setProperty('--ring', `${(one.size * scale).toFixed(1)}px`);
      one.button.style.setProperty(
        '--ring-name',
        `${(nameSize(textScale, narrow()) * Math.max(scale, LEAST_NAME)).toFixed(1)}px`,
      );
    });
  }
  map.on('move', place);
  map.on('resize', place);

  return {
    set(rings) {
      const focused = placed.find((each) => each.button === document.activeElement)?.ring.code;
      const most = Math.max(1, ...rings.map(countOf));
      placed = rings.map((ring) => {
        const size = ringSize(countOf(ring) / most, textScale, narrow());
        const button = ringButton(ring, onPick);
        const item = document.createElement('li');
        item.append(button);
        return { ring, item, button, size };
      });
      list.replaceChildren(...placed.map((each) => each.item));
      placed.find((each) => each.ring.code === focused)?.button.focus({ preventScroll: true });
      place();
    },
    show: (shown) => list.classList.toggle('away', !shown),
    remove() {
      map.off('move', place);
      map.off('resize', place);
      list.remove();
    },
  };
}

function countOf(ring: StageShares): number {
  return ring.completed + ring.in_progress + ring.not_started;
}

/** More sites, a larger ring; by area, as the eye compares. */
function ringSize(share: number, textScale: number, narrow: boolean): number {
  const [least, most] = narrow ? [36, 50] : [46, 68];
  return (least + (most - least) * Math.sqrt(share)) * (1 + (textScale - 1) * 0.7);
}

function nameSize(textScale: number, narrow: boolean): number {
  return (narrow ? 12 : 14) * textScale;
}

function ringButton(ring: TownshipRing, onPick: (code: string) => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-label', ring.words);
  const title = document.createElement('span');
  title.className = 'name';
  title.textContent = ring.name;
  button.append(ringPicture(ring), title);
  let [downX, downY] = [0, 0];
  button.addEventListener('pointerdown', (event) => {
    [downX, downY] = [event.clientX, event.clientY];
  });
  button.addEventListener('click', (event) => {
    // To the map this would be a click beside every pin.
    event.stopPropagation();
    const moved = event.detail > 0 && Math.hypot(event.clientX - downX, event.clientY - downY) > TAP_SLACK_PX;
    if (!moved) onPick(ring.code);
  });
  return button;
}

function ringPicture(ring: TownshipRing): SVGElement {
  const picture = draw('svg', { viewBox: `0 0 ${BOX} ${BOX}`, 'aria-hidden': 'true', focusable: 'false' });
  picture.append(draw('circle', { class: 'ground', cx: 32, cy: 32, r: 31 }));
  for (const { stage, from, to } of arcsOf(ring)) {
    const d = arcPath(from, to, 24);
    if (stage === 'in_progress')
      picture.append(draw('path', { class: 'in_progress-edge', d, 'stroke-width': BAND + 2.4 }));
    picture.append(draw('path', { class: stage, d, 'stroke-width': BAND }));
    if (stage === 'not_started') picture.append(draw('path', { class: 'not_started-line', d, 'stroke-width': 2 }));
  }
  const sum = String(countOf(ring));
  picture.append(draw('text', { class: 'sum', x: 32, y: 32.5, 'font-size': sum.length > 2 ? 17 : 22 }, sum));
  if (ring.overdue > 0) picture.append(...badge(`×${ring.overdue}`));
  return picture;
}

function badge(words: string): SVGElement[] {
  const width = 12 + words.length * 8;
  return [
    draw('rect', { class: 'badge', x: 56 - width / 2, y: -3, width, height: 21, rx: 10.5 }),
    draw('text', { class: 'late', x: 56, y: 8, 'font-size': 14 }, words),
  ];
}

function arcPath(from: number, to: number, radius: number): string {
  const at = (angle: number) =>
    `${(32 + radius * Math.sin(angle)).toFixed(2)} ${(32 - radius * Math.cos(angle)).toFixed(2)}`;
  const large = to - from > Math.PI ? 1 : 0;
  // An arc that ends where it begins is none: a whole ring is drawn as two halves.
  if (to - from > 2 * Math.PI - 0.001)
    return `${arcPath(from, from + Math.PI, radius)}${arcPath(from + Math.PI, to - 0.001, radius)}`;
  return `M${at(from)}A${radius} ${radius} 0 ${large} 1 ${at(to)}`;
}

function draw(kind: string, attributes: Record<string, string | number>, words = ''): SVGElement {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = words;
  return element;
}
