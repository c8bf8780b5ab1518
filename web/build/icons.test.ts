// @vitest-environment node
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { draw, outline, png } from './icons';

const drawing = readFileSync(`${import.meta.dirname}/../public/icon.svg`, 'utf8');

function pixel(rgba: Uint8Array, pixels: number, x: number, y: number): number[] {
  return [...rgba.subarray((y * pixels + x) * 4, (y * pixels + x) * 4 + 4)];
}

describe('an icon', () => {
  it('has the colours of the drawing where the drawing has them', () => {
    const rgba = draw(drawing, { file: '', pixels: 48, fullBleed: false, scale: 1 });
    expect(pixel(rgba, 48, 0, 0)).toEqual([0, 0, 0, 0]);
    expect(pixel(rgba, 48, 2, 24)).toEqual([0x0b, 0x4a, 0x63, 255]);
    expect(pixel(rgba, 48, 24, 10)).toEqual([255, 255, 255, 255]);
    expect(pixel(rgba, 48, 22, 25)).toEqual([0x1f, 0x62, 0xc4, 255]);
  });

  it('fills the square where launchers cut it out', () => {
    const rgba = draw(drawing, { file: '', pixels: 48, fullBleed: true, scale: 0.8 });
    expect(pixel(rgba, 48, 0, 0)).toEqual([0x0b, 0x4a, 0x63, 255]);
  });

  it('is a PNG with a row of pixels after each filter byte', () => {
    const bytes = png(2, new Uint8Array(16).fill(7));
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    const start = bytes.indexOf('IDAT') + 4;
    const length = bytes.readUInt32BE(start - 8);
    expect([...inflateSync(bytes.subarray(start, start + length))]).toEqual([
      0,
      ...Array(8).fill(7),
      0,
      ...Array(8).fill(7),
    ]);
  });
});

describe('a path', () => {
  it('goes on from where it was, and closes', () => {
    expect(outline('M1 2l3 0')).toEqual([
      [1, 2],
      [4, 2],
    ]);
    expect(outline('m17 21 5 5 9-10')).toEqual([
      [17, 21],
      [22, 26],
      [31, 16],
    ]);
    expect(outline('M0 0C0 1 1 1 1 0Z').at(-1)).toEqual([0, 0]);
  });
});
