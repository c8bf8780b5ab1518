// A visitor's challenge of a pin: sent without an account, opened again by number and secret together. The secret travels in a header alone.
import { getFile, post, type RequestOptions, sendBytes } from './client';
import { get } from './exchange';
import type { ChallengeReceipt, NewChallenge, OwnChallenge, Page, PublicChallenge } from './wire';

/** The same key gives the same receipt, however often it is sent. */
export function submitChallenge(siteId: number, body: NewChallenge, key: string): Promise<ChallengeReceipt> {
  return post(`/api/sites/${siteId}/challenges`, body, { idempotencyKey: key });
}

export function sendChallengePhoto(number: string, secret: string, sha256: string, picture: Blob): Promise<unknown> {
  return sendBytes('PUT', `${own(number)}/photos/${sha256}`, picture, { secret });
}

export function readOwnChallenge(number: string, secret: string, options: RequestOptions = {}): Promise<OwnChallenge> {
  return get(own(number), {}, { ...options, secret });
}

export function withdrawChallenge(number: string, secret: string, key: string): Promise<OwnChallenge> {
  return post(`${own(number)}/withdrawal`, {}, { secret, idempotencyKey: key });
}

export function readOwnThumbnail(number: string, secret: string, sha256: string): Promise<Blob> {
  return getFile(`${own(number)}/photos/${sha256}/thumbnail`, { secret });
}

export function listSiteChallenges(siteId: number, cursor: string | null = null): Promise<Page<PublicChallenge>> {
  return get(`/api/sites/${siteId}/challenges`, { cursor });
}

const own = (number: string) => `/api/challenges/${encodeURIComponent(number)}`;
