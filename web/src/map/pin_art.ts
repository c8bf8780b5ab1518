// Draws every picture the map wears, on a canvas: pins by stage and mark, rings of clusters, stations. Shapes come from ui/stage_shapes, so
// that the map, the legend and the list show the same sign.
import { STAGE_SHAPES, STRUCK_OFF_GLYPH } from '../ui/stage_shapes';
import { FONT } from './fonts';
import { PALETTE } from './palette';
import { type Arc, arcsOf } from './ring_arcs';
import { type PinLook, pinNamed, type RingLook, ringNamed } from './site_features';

/** Room for the overdue ring and badge, or for the pin alone: labels keep clear of the whole box. */
const OVERDUE_BOX = 40;
const PLAIN_BOX = 32;
const SHAPE = 26;

/** The picture of this name, or undefined when no such picture exists. Sizes are CSS pixels times `ratio`. */
export function drawPicture(name: string, ratio: number): ImageData | undefined {
  const pin = pinNamed(name);
  if (pin) return onCanvas(pin.overdue ? OVERDUE_BOX : PLAIN_BOX, ratio, (pen, box) => drawPin(pen, box, pin));
  const ring = ringNamed(name);
  if (ring) return onCanvas(ringBox(ring), ratio, (pen, box) => drawRing(pen, box, ring));
  if (name.startsWith('station/')) return onCanvas(26, ratio, (pen) => drawStation(pen, name.slice(8)));
  return undefined;
}

type Pen = CanvasRenderingContext2D;

function onCanvas(box: number, ratio: number, draw: (pen: Pen, box: number) => void): ImageData | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(box * ratio);
  canvas.height = canvas.width;
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  pen.scale(ratio, ratio);
  draw(pen, box);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function drawPin(pen: Pen, box: number, look: PinLook): void {
  const shape = STAGE_SHAPES[look.stage];
  const outline = new Path2D(shape.outline);
  pen.save();
  pen.translate((box - SHAPE) / 2, (box - SHAPE) / 2);
  pen.scale(SHAPE / 24, SHAPE / 24);
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  pen.shadowColor = 'rgba(19, 35, 47, 0.35)';
  pen.shadowBlur = 5;
  pen.shadowOffsetY = 1.5;
  strokePath(pen, outline, '#fff', look.overdue ? 8.5 : 4.5);
  pen.shadowColor = 'transparent';
  if (look.overdue) {
    strokePath(pen, outline, PALETTE.overdue, 7);
    strokePath(pen, outline, '#fff', 2.6);
  }
  pen.fillStyle = PALETTE[look.stage];
  pen.fill(outline);
  if (look.stage === 'in_progress') strokePath(pen, outline, PALETTE.in_progress_edge, 1.6);
  if (look.stale) hatch(pen, outline);
  drawGlyph(pen, look);
  pen.restore();
  if (look.overdue) drawBadge(pen, box - 9, 9, '!');
}

function drawGlyph(pen: Pen, look: PinLook): void {
  const shape = STAGE_SHAPES[look.stage];
  const glyph = new Path2D(look.struckOff ? STRUCK_OFF_GLYPH : shape.glyph);
  if (shape.glyphFilled) {
    if (look.stale) strokePath(pen, glyph, PALETTE.in_progress, 4);
    pen.fillStyle = PALETTE.in_progress_glyph;
    pen.fill(glyph);
  } else {
    if (look.stale) strokePath(pen, glyph, PALETTE[look.stage], 7);
    strokePath(pen, glyph, '#fff', 2.7);
  }
}

/** White diagonal lines through the colour: the evidence is old. */
function hatch(pen: Pen, outline: Path2D): void {
  pen.save();
  pen.clip(outline);
  pen.globalAlpha = 0.8;
  for (let at = -24; at < 48; at += 5) {
    strokePath(pen, new Path2D(`M${at} 26L${at + 28} -2`), '#fff', 1.9);
  }
  pen.restore();
}

function strokePath(pen: Pen, path: Path2D, colour: string, width: number): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke(path);
}

/** The overdue badge: a dark disc with a figure or an exclamation mark. */
function drawBadge(pen: Pen, x: number, y: number, words: string): void {
  const width = Math.max(13, 6 + words.length * 7);
  pen.beginPath();
  pen.moveTo(x - width / 2 + 6.5, y - 6.5);
  pen.arc(x + width / 2 - 6.5, y, 6.5, -Math.PI / 2, Math.PI / 2);
  pen.arc(x - width / 2 + 6.5, y, 6.5, Math.PI / 2, -Math.PI / 2);
  pen.fillStyle = PALETTE.overdue;
  pen.fill();
  pen.strokeStyle = '#fff';
  pen.lineWidth = 1.5;
  pen.stroke();
  write(pen, words, x, y + 0.5, 10, '#fff');
}

function write(pen: Pen, words: string, x: number, y: number, size: number, colour: string): void {
  pen.font = `700 ${size}px ${FONT}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = colour;
  pen.fillText(words, x, y);
}

function ringBox(ring: RingLook): number {
  const sites = ring.completed + ring.in_progress + ring.not_started;
  return 2 * (sites < 10 ? 17 : sites < 40 ? 21 : 26) + 16;
}

/** A ring shared between the stages, the number of sites inside, overdue sites on the badge. */
function drawRing(pen: Pen, box: number, ring: RingLook): void {
  const sites = ring.completed + ring.in_progress + ring.not_started;
  const centre = box / 2;
  const radius = centre - 8;
  const band = radius * 0.3;
  pen.shadowColor = 'rgba(19, 35, 47, 0.3)';
  pen.shadowBlur = 6;
  pen.shadowOffsetY = 1.5;
  pen.beginPath();
  pen.arc(centre, centre, radius, 0, 2 * Math.PI);
  pen.fillStyle = '#fff';
  pen.fill();
  pen.shadowColor = 'transparent';
  for (const arc of arcsOf(ring)) drawArc(pen, centre, radius - band / 2 - 1.5, arc, band);
  write(pen, String(sites), centre, centre + 0.5, Math.round(radius * 0.78), PALETTE.ink);
  if (ring.overdue > 0) drawBadge(pen, centre + radius * 0.74, centre - radius * 0.74, `×${ring.overdue}`);
}

/** Each stage has a band of its own kind: whole, edged, and parted by a line. */
function drawArc(pen: Pen, centre: number, radius: number, { stage, from, to }: Arc, band: number): void {
  const stroke = (colour: string, width: number) => {
    pen.beginPath();
    pen.arc(centre, centre, radius, from - Math.PI / 2, to - Math.PI / 2);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  };
  if (stage === 'in_progress') stroke(PALETTE.in_progress_edge, band + 1.6);
  stroke(PALETTE[stage], band);
  if (stage === 'not_started') stroke('#fff', 1.3);
}

const STATION_LETTERS: Record<string, string> = {
  home: '家',
  station: '站',
  point: '点',
  window: '窗',
  post: '岗',
  mobile: '流',
};

/** A station: a teal shield with the character of its kind; nothing like a site's pin. */
function drawStation(pen: Pen, kind: string): void {
  const shield = new Path2D('M13 2.5l9 3.2v7.4c0 5.2-3.8 8.5-9 10.4-5.2-1.9-9-5.2-9-10.4V5.700z');
  pen.lineJoin = 'round';
  strokePath(pen, shield, '#fff', 3.5);
  pen.fillStyle = PALETTE.station;
  pen.fill(shield);
  write(pen, STATION_LETTERS[kind] ?? '站', 13, 13, 11.5, '#fff');
}
