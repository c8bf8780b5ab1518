// A unit's pictures: sent as they are, under the name that their bytes give them.
import { signedIn } from '../../account/session.svelte';
import { sendBytes } from '../../api/client';

/** Bytes that the server takes. */
export const LARGEST = 10 * 1024 * 1024;
export const MOST = 9;

export interface SentPicture {
  sha256: string;
  url: string;
}

/** Sends a picture and returns its name. Sending it twice changes nothing. */
export async function sendPicture(file: File): Promise<SentPicture> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  await signedIn(sendBytes('PUT', `/api/photos/${sha256}`, file));
  return { sha256, url: URL.createObjectURL(file) };
}
