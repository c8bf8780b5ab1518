import { describe, expect, it } from 'vitest';
import type { ImportOutline } from '../api/wire';
import { boundsOf } from './outlines';

const area = (west: number, east: number) => ({
  type: 'MultiPolygon' as const,
  coordinates: [
    [
      [
        [west, 30],
        [east, 30],
        [east, 30.4],
        [west, 30],
      ],
    ],
  ] as [number, number][][][],
});

describe('the outlines of an import', () => {
  it('are looked at whole, the old with the new', () => {
    const outline = { before: area(120, 120.2), after: area(120.1, 120.3) } as ImportOutline;
    expect(boundsOf([outline, { ...outline, before: null }])).toEqual([120, 30, 120.3, 30.4]);
    expect(boundsOf([])).toBeNull();
  });
});
