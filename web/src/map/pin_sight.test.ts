// Pins as people see them who do not see all colours: every two looks differ in what is drawn, whatever the colour, and the stages' colours
// stay apart in each kind of colour blindness (Machado, Oliveira and Fernandes 2009, full severity).
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stage } from '../api/wire';
import { PALETTE } from './palette';
import { drawPicture } from './pin_art';
import { type PinLook, pinName } from './site_features';

type Triple = [number, number, number];

const SIGHTS: Record<string, [Triple, Triple, Triple]> = {
  'full colour': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function seen(hex: string, sight: string): Triple {
  const [red, green, blue] = linear(hex);
  const rows = SIGHTS[sight] ?? [];
  return rows.map((row) => Math.min(1, Math.max(0, row[0] * red + row[1] * green + row[2] * blue))) as Triple;
}

function contrast(one: string, other: string, sight: string): number {
  const luminance = (hex: string) => {
    const [red, green, blue] = seen(hex, sight);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** CIE 1976 L*a*b* under D65. */
function lab(hex: string, sight: string): Triple {
  const [red, green, blue] = seen(hex, sight);
  const x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505;
  const y = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089;
  const root = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  return [116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))];
}

function difference(one: string, other: string, sight: string): number {
  const [here, there] = [lab(one, sight), lab(other, sight)];
  return Math.hypot(here[0] - there[0], here[1] - there[1], here[2] - there[2]);
}

/** What the pen did, without the colours it did it in. */
const strokes: string[] = [];

class DrawnPath {
  constructor(readonly d: string) {}
}

const pen = new Proxy({} as Record<string, unknown>, {
  get: (kept, name: string) => {
    if (name === 'getImageData') return () => ({}) as ImageData;
    if (name in kept) return kept[name];
    return (...args: unknown[]) => {
      const shapes = args.map((each) => (each instanceof DrawnPath ? each.d : String(each)));
      strokes.push(`${name} ${shapes.join(' ')} width ${String(kept['lineWidth'])}`);
    };
  },
  set: (kept, name: string, value) => {
    kept[name] = value;
    return true;
  },
});

const STAGES: Stage[] = ['completed', 'in_progress', 'not_started'];

/** Every look that a site of the county can have. */
function everyLook(): PinLook[] {
  const looks: PinLook[] = [];
  for (const stage of STAGES) {
    for (const overdue of stage === 'completed' ? [false] : [false, true]) {
      for (const stale of [false, true]) looks.push({ stage, overdue, stale, struckOff: false });
    }
  }
  return [...looks, { stage: 'completed', overdue: false, stale: false, struckOff: true }];
}

describe('pins without seeing colour', () => {
  beforeEach(() => {
    vi.stubGlobal('Path2D', DrawnPath);
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(pen as unknown as RenderingContext as never);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('every two looks are drawn differently', () => {
    const drawn = new Map<string, string>();
    for (const look of everyLook()) {
      strokes.length = 0;
      drawPicture(pinName(look), 1);
      const picture = strokes.join('\n');
      expect(picture.length).toBeGreaterThan(100);
      expect(drawn.get(picture), `${pinName(look)} looks like another`).toBeUndefined();
      drawn.set(picture, pinName(look));
    }
    expect(drawn.size).toBe(11);
  });
});

describe.each(Object.keys(SIGHTS))('pins seen with %s', (sight) => {
  it.each([
    ['completed', 'in_progress'],
    ['completed', 'not_started'],
    ['in_progress', 'not_started'],
  ] as const)('%s and %s are far apart', (one, other) => {
    expect(difference(PALETTE[one], PALETTE[other], sight)).toBeGreaterThanOrEqual(40);
  });

  it.each([
    ['the tick on blue', '#ffffff', PALETTE.completed],
    ['the bar on red', '#ffffff', PALETTE.not_started],
    ['the dots on yellow', PALETTE.in_progress_glyph, PALETTE.in_progress],
    ['the edge of yellow on the ground', PALETTE.in_progress_edge, PALETTE.county],
    ['the overdue ring on the ground', PALETTE.overdue, PALETTE.county],
    ['the mark on the overdue badge', '#ffffff', PALETTE.overdue],
  ])('%s stands out', (_what, mark, ground) => {
    expect(contrast(mark, ground, sight)).toBeGreaterThanOrEqual(3);
  });
});
