import { describe, expect, it } from 'vitest';
import { exifOf, withExif } from './exif';

/** A JPEG head with one EXIF directory holding the orientation "turn right", then a scan. */
function turnedJpeg(): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const length = exif.length + 2;
  const jfif = [0xff, 0xe0, 0, 4, 1, 2];
  return new Uint8Array([0xff, 0xd8, ...jfif, 0xff, 0xe1, 0, length, ...exif, 0xff, 0xda, 0, 2, 7, 7]);
}

describe('the picture’s own record', () => {
  it('is found behind other segments', () => {
    expect(exifOf(turnedJpeg())?.[1]).toBe(0xe1);
  });

  it('is put into the compressed picture, upright', () => {
    const exif = exifOf(turnedJpeg());
    if (!exif) throw new Error('no exif');
    const joined = withExif(new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2]), exif);
    const again = exifOf(joined);
    expect(again?.length).toBe(exif.length);
    expect(again?.[10 + 8 + 2 + 9]).toBe(1);
  });

  it('is null for other files and for damaged ones', () => {
    expect(exifOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).toBeNull();
    expect(exifOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1]))).toBeNull();
  });
});
