/**
 * Drafts on the phone, in IndexedDB, keyed by account and site: another account on the same phone sees none of them.
 * A browser that refuses storage (private window, full disk) is told to the reader by `StoreFault`, never hidden.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Draft } from './report/draft';

/** The phone refused to keep the draft. */
export class StoreFault extends Error {}

interface Shape extends DBSchema {
  drafts: { key: [number, number]; value: Draft; indexes: { account: number } };
}

let opening: Promise<IDBPDatabase<Shape>> | null = null;

function open(): Promise<IDBPDatabase<Shape>> {
  opening ??= openDB<Shape>('minsheng-deputy', 1, {
    upgrade(database) {
      const drafts = database.createObjectStore('drafts', { keyPath: ['accountId', 'siteId'] });
      drafts.createIndex('account', 'accountId');
    },
  });
  return opening;
}

/** Writes the draft, replacing the one of the same account and site; throws `StoreFault`. */
export async function keepDraft(draft: Draft): Promise<void> {
  try {
    await (await open()).put('drafts', draft);
  } catch (cause) {
    opening = null;
    throw new StoreFault('draft not kept', { cause });
  }
}

/** The account's draft for a site, or null. */
export async function findDraft(accountId: number, siteId: number): Promise<Draft | null> {
  try {
    return (await (await open()).get('drafts', [accountId, siteId])) ?? null;
  } catch {
    return null;
  }
}

/** All drafts of the account. */
export async function listDrafts(accountId: number): Promise<Draft[]> {
  try {
    return await (await open()).getAllFromIndex('drafts', 'account', accountId);
  } catch {
    return [];
  }
}

/** Forgets the account's draft for a site. */
export async function forgetDraft(accountId: number, siteId: number): Promise<void> {
  try {
    await (await open()).delete('drafts', [accountId, siteId]);
  } catch (cause) {
    throw new StoreFault('draft not forgotten', { cause });
  }
}
