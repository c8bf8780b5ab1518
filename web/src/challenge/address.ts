// What the address of the visitor's face asks for: a site to speak of, a challenge by its number, or neither.
import { asTyped } from './draft';

export type Place = { kind: 'form'; siteId: number } | { kind: 'own'; number: string } | { kind: 'home' };

export function placeOf({ search, hash }: Pick<Location, 'search' | 'hash'>): Place {
  const number = asTyped(hash.slice(1));
  if (/^[0-9A-Z]{8}$/.test(number)) return { kind: 'own', number };
  const site = new URLSearchParams(search).get('site') ?? '';
  return /^[1-9]\d{0,15}$/.test(site) ? { kind: 'form', siteId: Number(site) } : { kind: 'home' };
}

/** Where a site's challenge is written. */
export function formAddress(siteId: number): string {
  return `/challenge?site=${siteId}`;
}

export function ownAddress(number: string): string {
  return `/challenge#${number}`;
}

export function siteAddress(code: string): string {
  return `/sites/${encodeURIComponent(code)}`;
}
