// How a stage looks wherever it is drawn, in the page (SVG) and on the map (canvas): a shape and a glyph of its own besides the colour,
// so that the three are told apart without seeing colour. All paths lie on a 24-unit grid.
import type { Stage } from '../api/wire';

export interface StageShape {
  outline: string;
  glyph: string;
  glyphFilled: boolean;
}

const dot = (x: number, y: number, r: number) =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/** Disc with a tick, triangle with three dots, square with a bar. */
export const STAGE_SHAPES: Record<Stage, StageShape> = {
  completed: { outline: dot(12, 12, 10), glyph: 'M7.5 12.400l3.2 3.2 6-6.7', glyphFilled: false },
  in_progress: {
    outline:
      'M12 2.200c.9 0 1.5.4 1.9 1.200l8.3 15c.9 1.6 0 3.3-1.9 3.300H3.700c-1.9 0-2.8-1.7-1.9-3.300l8.3-15c.4-.8 1-1.2 1.9-1.200z',
    glyph: dot(7.6, 17, 1.5) + dot(12, 17, 1.5) + dot(16.4, 17, 1.5),
    glyphFilled: true,
  },
  not_started: {
    outline: 'M5.5 2.500h13a3 3 0 0 1 3 3v13a3 3 0 0 1-3 3h-13a3 3 0 0 1-3-3v-13a3 3 0 0 1 3-3z',
    glyph: 'M7.5 12h9',
    glyphFilled: false,
  },
};

/** A struck-off site's double tick. */
export const STRUCK_OFF_GLYPH = 'M4.8 12.400l3 3 5.6-6.300M11 14.800l.9.8 6.8-6.7';
