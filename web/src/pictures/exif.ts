/**
 * Carries a picture's own record of time and place (the EXIF segment) over the compression on the phone, where it
 * would be lost. The server reads it as evidence and publishes none of it. Only bytes are handled here.
 */

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const ORIENTATION = 0x0112;

/** The EXIF segment of a JPEG with its marker and length, or null when there is none. */
export function exifOf(jpeg: Uint8Array): Uint8Array | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null;
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== START_OF_SCAN) {
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > jpeg.length) return null;
    if (jpeg[at + 1] === APP1 && readsExif(jpeg, at + 4)) return jpeg.slice(at, end);
    at = end;
  }
  return null;
}

/** The JPEG with `exif` put at its head, upright: the pixels have been turned already. */
export function withExif(jpeg: Uint8Array, exif: Uint8Array): Uint8Array {
  const upright = exif.slice();
  setUpright(upright);
  const joined = new Uint8Array(jpeg.length + upright.length);
  joined.set(jpeg.subarray(0, 2));
  joined.set(upright, 2);
  joined.set(jpeg.subarray(2), 2 + upright.length);
  return joined;
}

function readsExif(bytes: Uint8Array, at: number): boolean {
  return [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, place) => bytes[at + place] === byte);
}

/** Sets the orientation entry of the first directory to "as stored". */
function setUpright(segment: Uint8Array): void {
  const tiffAt = 10;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (segment.length < tiffAt + 8) return;
  const little = view.getUint16(tiffAt) === 0x4949;
  const directoryAt = tiffAt + view.getUint32(tiffAt + 4, little);
  if (directoryAt + 2 > segment.length) return;
  const entries = view.getUint16(directoryAt, little);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directoryAt + 2 + entry * 12;
    if (at + 12 > segment.length) return;
    if (view.getUint16(at, little) === ORIENTATION) view.setUint16(at + 8, 1, little);
  }
}
