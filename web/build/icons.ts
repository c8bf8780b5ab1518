// Draws the icons that phones ask for as pixels from `public/icon.svg` itself, so that there is one drawing and no picture of unknown
// origin. Knows as much of SVG as that drawing uses: one square, filled paths of lines and cubic curves, one stroke with round ends.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import type { Plugin } from 'vite';

const DRAWING = fileURLToPath(new URL('../public/icon.svg', import.meta.url));
const SIDE = 48;
const STEPS = 12;

type Point = readonly [number, number];
type Line = readonly [Point, Point];
type Colour = readonly [number, number, number];

interface Shape {
  colour: Colour;
  /** How far a point lies outside of the shape; negative within. */
  beyond: (point: Point) => number;
}

/** How an icon is framed: its pixels, whether the ground fills the square, and how large the drawing is in it. */
export interface Framing {
  file: string;
  pixels: number;
  fullBleed: boolean;
  scale: number;
}

export const ICONS: readonly Framing[] = [
  { file: 'icon-192.png', pixels: 192, fullBleed: false, scale: 1 },
  { file: 'icon-512.png', pixels: 512, fullBleed: false, scale: 1 },
  // Launchers cut any shape out of it: the drawing keeps to the middle.
  { file: 'icon-maskable-512.png', pixels: 512, fullBleed: true, scale: 0.8 },
  { file: 'apple-touch-icon.png', pixels: 180, fullBleed: true, scale: 0.9 },
];

const attribute = (element: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1] ?? null;

function colourOf(text: string): Colour {
  const digits = text.slice(1).length === 3 ? [...text.slice(1)].map((digit) => digit + digit).join('') : text.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Colour;
}

/** The corners of a path of `M m l C c S Z`, its curves cut into short lines. */
export function outline(path: string): Point[] {
  const tokens = path.match(/[a-zA-Z]|-?\d*\.?\d+/g) ?? [];
  const points: Point[] = [];
  let here: Point = [0, 0];
  let control: Point = here;
  let command = '';
  let at = 0;
  const number = () => Number(tokens[at++]);
  const point = (from: Point): Point => [from[0] + number(), from[1] + number()];
  const curve = (a: Point, b: Point, end: Point) => {
    for (let step = 1; step <= STEPS; step += 1) points.push(onCurve(here, a, b, end, step / STEPS));
    [here, control] = [end, b];
  };
  while (at < tokens.length) {
    if (/[a-zA-Z]/.test(tokens[at] ?? '')) command = tokens[at++] ?? '';
    const origin: Point = command === command.toLowerCase() ? here : [0, 0];
    if (command === 'Z') {
      points.push(points[0] ?? here);
      continue;
    }
    if ('Mml'.includes(command)) {
      here = control = point(origin);
      points.push(here);
      if (command === 'm') command = 'l';
    } else if (command === 'C' || command === 'c') {
      curve(point(origin), point(origin), point(origin));
    } else if (command === 'S') {
      curve([2 * here[0] - control[0], 2 * here[1] - control[1]], point(origin), point(origin));
    } else throw new Error(`the icon uses a command that is not drawn here: ${command}`);
  }
  return points;
}

function onCurve(from: Point, a: Point, b: Point, to: Point, t: number): Point {
  const [u, along] = [1 - t, (axis: 0 | 1) => [from[axis], a[axis], b[axis], to[axis]] as const];
  const at = (axis: 0 | 1) => {
    const [p, q, r, s] = along(axis);
    return u ** 3 * p + 3 * u * u * t * q + 3 * u * t * t * r + t ** 3 * s;
  };
  return [at(0), at(1)];
}

function isInside([x, y]: Point, lines: readonly Line[]): boolean {
  let inside = false;
  for (const [[ax, ay], [bx, by]] of lines) {
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

function nearest([x, y]: Point, lines: readonly Line[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [[ax, ay], [bx, by]] of lines) {
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    const [px, py] = [x - ax - part * dx, y - ay - part * dy];
    least = Math.min(least, px * px + py * py);
  }
  return Math.sqrt(least);
}

function beyondSquare([x, y]: Point, radius: number): number {
  const [out, up] = [x, y].map((value) => Math.abs(value - SIDE / 2) - SIDE / 2 + radius) as [number, number];
  return Math.hypot(Math.max(out, 0), Math.max(up, 0)) + Math.min(Math.max(out, up), 0) - radius;
}

function shapesOf(drawing: string): Shape[] {
  return (drawing.match(/<(?:rect|path)[^>]*>/g) ?? []).map((element) => {
    const [fill, stroke] = [attribute(element, 'fill') ?? 'none', attribute(element, 'stroke')];
    if (element.startsWith('<rect')) {
      const radius = Number(attribute(element, 'rx'));
      return { colour: colourOf(fill), beyond: (point) => beyondSquare(point, radius) };
    }
    const corners = outline(attribute(element, 'd') ?? '');
    const lines = corners.slice(1).map((corner, index): Line => [corners[index] ?? corner, corner]);
    if (stroke !== null) {
      const reach = Number(attribute(element, 'stroke-width')) / 2;
      return { colour: colourOf(stroke), beyond: (point) => nearest(point, lines) - reach };
    }
    return {
      colour: colourOf(fill),
      beyond: (point) => (isInside(point, lines) ? -nearest(point, lines) : nearest(point, lines)),
    };
  });
}

/** How much of each pixel of a row a shape covers. Far from its edge as many pixels are alike as the edge is away. */
function coverage({ beyond }: Shape, pixels: number, unit: number, at: (pixel: number) => Point): Float32Array {
  const row = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; ) {
    const far = beyond(at(pixel)) / unit;
    const next = pixel + Math.max(1, Math.floor(Math.abs(far) - 0.5));
    row.fill(Math.min(1, Math.max(0, 0.5 - far)), pixel, next);
    pixel = next;
  }
  return row;
}

/** The icon's pixels, four bytes each; at an edge a pixel is covered as far as the edge reaches into it. */
export function draw(drawing: string, { pixels, fullBleed, scale }: Framing): Uint8Array {
  const shapes = shapesOf(drawing);
  const ground = fullBleed ? shapes[0]?.colour : undefined;
  const unit = SIDE / pixels / scale;
  const place = (pixel: number) => (pixel + 0.5 - pixels / 2) * unit + SIDE / 2;
  const out = new Uint8Array(pixels * pixels * 4);
  for (let y = 0; y < pixels; y += 1) {
    const covers = shapes.map((shape) => coverage(shape, pixels, unit, (x) => [place(x), place(y)]));
    for (let x = 0; x < pixels; x += 1) {
      let [red, green, blue] = ground ?? [0, 0, 0];
      let opacity = ground ? 1 : 0;
      shapes.forEach(({ colour }, place) => {
        const covered = covers[place]?.[x] ?? 0;
        if (covered === 0) return;
        const after = covered + opacity * (1 - covered);
        const mixed = (over: number, under: number) => (over * covered + under * opacity * (1 - covered)) / after;
        [red, green, blue, opacity] = [mixed(colour[0], red), mixed(colour[1], green), mixed(colour[2], blue), after];
      });
      out.set([red, green, blue, opacity * 255].map(Math.round), (y * pixels + x) * 4);
    }
  }
  return out;
}

function chunk(kind: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG of square pictures with four channels. */
export function png(pixels: number, rgba: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(pixels * (pixels * 4 + 1));
  for (let row = 0; row < pixels; row += 1) {
    rows.set(rgba.subarray(row * pixels * 4, (row + 1) * pixels * 4), row * (pixels * 4 + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Adds the icons to the build. */
export function icons(): Plugin {
  return {
    name: 'icons',
    apply: 'build',
    generateBundle() {
      const drawing = readFileSync(DRAWING, 'utf8');
      for (const framing of ICONS) {
        this.emitFile({ type: 'asset', fileName: framing.file, source: png(framing.pixels, draw(drawing, framing)) });
      }
    },
  };
}
