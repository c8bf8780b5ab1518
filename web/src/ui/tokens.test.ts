import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

function token(name: string): string {
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1];
  if (!value) throw new Error(`no token --${name}`);
  return value;
}

/** Red, green and blue light, each from 0 to 1. */
function linear(hex: string): [number, number, number] {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT_PAIRS: [string, string][] = [
  ['ink', 'canvas'],
  ['ink-2', 'canvas'],
  ['ink-3', 'paper'],
  ['ink-3', 'canvas'],
  ['ink-3', 'brand-tint'],
  ['on-brand', 'brand'],
  ['on-brand', 'brand-2'],
  ['on-brand-2', 'brand'],
  ['brand-2', 'paper'],
  ['paper', 'stage-completed'],
  ['stage-completed-text', 'stage-completed-tint'],
  ['stage-in-progress-glyph', 'stage-in-progress'],
  ['stage-in-progress-text', 'stage-in-progress-tint'],
  ['paper', 'stage-not-started'],
  ['stage-not-started-text', 'stage-not-started-tint'],
  ['paper', 'overdue'],
  ['overdue', 'overdue-tint'],
  ['paper', 'stale'],
  ['stale', 'stale-tint'],
  ['ink-2', 'past-tint'],
];

const SHAPE_PAIRS: [string, string][] = [
  ['control-border', 'paper'],
  ['stage-in-progress-edge', 'paper'],
  ['stage-in-progress-bar', 'paper'],
  ['focus', 'paper'],
  ['focus', 'canvas'],
];

/** Machado, Oliveira, Fernandes 2009: how linear light looks to eyes that lack a kind of cone. */
const SIGHTS = {
  'all cones': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** The colour in CIE Lab as these eyes see it. */
function lab(hex: string, sight: keyof typeof SIGHTS): [number, number, number] {
  const seen = SIGHTS[sight];
  const light = linear(hex);
  const row = (at: number) => light.reduce((sum, part, column) => sum + part * (seen[at * 3 + column] ?? 0), 0);
  const [red, green, blue] = [row(0), row(1), row(2)].map((part) => Math.min(1, Math.max(0, part))) as [
    number,
    number,
    number,
  ];
  const curve = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
  const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const STAGES = ['stage-completed', 'stage-in-progress', 'stage-not-started'];
const SIGHT_PAIRS = (Object.keys(SIGHTS) as (keyof typeof SIGHTS)[]).flatMap((sight) =>
  STAGES.flatMap((one, at) => STAGES.slice(at + 1).map((other) => [one, other, sight] as const)),
);

describe('design tokens', () => {
  it.each(SIGHT_PAIRS)('pins of %s and %s are told apart with %s', (one, other, sight) => {
    const [first, second] = [lab(token(one), sight), lab(token(other), sight)];
    expect(Math.hypot(...first.map((value, at) => value - (second[at] ?? 0)))).toBeGreaterThanOrEqual(40);
  });

  it.each(TEXT_PAIRS)('text %s on %s reaches 4.5', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPE_PAIRS)('shape %s on %s reaches 3', (shape, ground) => {
    expect(contrast(token(shape), token(ground))).toBeGreaterThanOrEqual(3);
  });
});
