/**
 * Makes a picture from camera or album ready to send: long side at most 2048 pixels, JPEG, named by its SHA-256.
 * A deputy's picture takes its own record of time and place along as evidence (see exif.ts); a visitor's leaves it behind.
 */
import { exifOf, withExif } from './exif';

const LONG_SIDE = 2048;
const QUALITY = 0.8;

/** A picture as it will be sent. */
export interface PreparedPicture {
  sha256: string;
  blob: Blob;
  width: number;
  height: number;
}

/** Why a picture could not be taken over: the file is no picture, or the browser lacks what is needed. */
export class PictureFault extends Error {
  constructor(readonly code: 'not_a_picture' | 'no_crypto') {
    super(code);
  }
}

/** The compressed picture, with the record of its making or without it; throws `PictureFault`. */
export async function prepared(file: Blob, { withRecord }: { withRecord: boolean }): Promise<PreparedPicture> {
  // Absent where the page did not come over https.
  if (!globalThis.crypto?.subtle) throw new PictureFault('no_crypto');
  const bitmap = await decoded(file);
  const { width, height } = fitted(bitmap.width, bitmap.height);
  const encoded = await encodedJpeg(bitmap, width, height);
  bitmap.close();
  const exif = withRecord && exifOf(new Uint8Array(await file.slice(0, 256 * 1024).arrayBuffer()));
  const bytes = exif ? withExif(encoded, exif) : encoded;
  const blob = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' });
  return { sha256: await sha256Of(bytes), blob, width, height };
}

/** Width and height with the long side at most 2048 pixels; smaller pictures keep their size. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Lower-case hexadecimal SHA-256. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new PictureFault('not_a_picture');
  }
}

async function encodedJpeg(bitmap: ImageBitmap, width: number, height: number): Promise<Uint8Array> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new PictureFault('not_a_picture');
  // A transparent PNG would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new PictureFault('not_a_picture');
  return new Uint8Array(await blob.arrayBuffer());
}
