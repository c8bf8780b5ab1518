import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

function token(name: string): string {
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1];
  if (!value) throw new Error(`no token --${name}`);
  return value;
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
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

describe('design tokens', () => {
  it.each(TEXT_PAIRS)('text %s on %s reaches 4.5', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(SHAPE_PAIRS)('shape %s on %s reaches 3', (shape, ground) => {
    expect(contrast(token(shape), token(ground))).toBeGreaterThanOrEqual(3);
  });
});
