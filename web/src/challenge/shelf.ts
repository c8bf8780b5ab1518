/**
 * What this browser keeps for a visitor, in IndexedDB: drafts, the pictures not yet sent, and the receipts. Nothing of it leaves the browser
 * by itself. A browser that refuses storage keeps it for as long as the page is open, and the reader is told.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { PreparedPicture } from '../pictures/picture';
import type { Draft, Kept } from './draft';

type DraftWords = Omit<Draft, 'photos'> & { photos: string[] };

interface Shape extends DBSchema {
  drafts: { key: number; value: DraftWords };
  pictures: { key: string; value: PreparedPicture };
  receipts: { key: string; value: Kept };
}

type Store = 'drafts' | 'pictures' | 'receipts';

let opening: Promise<IDBPDatabase<Shape>> | null = null;
const here = {
  drafts: new Map<number, DraftWords>(),
  pictures: new Map<string, PreparedPicture>(),
  receipts: new Map<string, Kept>(),
};

function open(): Promise<IDBPDatabase<Shape>> {
  opening ??= openDB<Shape>('minsheng-challenges', 1, {
    upgrade(database) {
      database.createObjectStore('drafts', { keyPath: 'siteId' });
      database.createObjectStore('pictures', { keyPath: 'sha256' });
      database.createObjectStore('receipts', { keyPath: 'number' });
    },
    terminated: () => {
      opening = null;
    },
  });
  return opening;
}

/** Whether it could be done in the browser's store. */
async function stored(work: (database: IDBPDatabase<Shape>) => Promise<unknown>): Promise<boolean> {
  try {
    await work(await open());
    return true;
  } catch {
    opening = null;
    return false;
  }
}

async function found<Value>(work: (database: IDBPDatabase<Shape>) => Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return (await work(await open())) ?? otherwise;
  } catch {
    opening = null;
    return otherwise;
  }
}

function drop(store: Store, key: string | number): Promise<boolean> {
  (here[store] as Map<string | number, unknown>).delete(key);
  return stored((database) => database.delete(store, key as never));
}

/** Keeps words and pictures of a draft; false when only this page remembers them. */
export function keepDraft(draft: Draft): Promise<boolean> {
  const words: DraftWords = { ...draft, photos: draft.photos.map((photo) => photo.sha256) };
  here.drafts.set(draft.siteId, words);
  for (const photo of draft.photos) here.pictures.set(photo.sha256, photo);
  return stored(async (database) => {
    const transaction = database.transaction(['drafts', 'pictures'], 'readwrite');
    const pictures = transaction.objectStore('pictures');
    for (const photo of draft.photos) if (!(await pictures.getKey(photo.sha256))) await pictures.put({ ...photo });
    await transaction.objectStore('drafts').put(words);
    await transaction.done;
  });
}

/** A site's draft; a picture that was lost meanwhile is left out of one that has not been sent. */
export async function findDraft(siteId: number): Promise<Draft | null> {
  const words = await found((database) => database.get('drafts', siteId), here.drafts.get(siteId));
  if (!words) return null;
  const photos: PreparedPicture[] = [];
  for (const sha256 of words.photos) {
    const picture = await findPicture(sha256);
    if (picture) photos.push(picture);
  }
  return { ...words, photos };
}

export async function listDrafts(): Promise<Pick<Draft, 'siteId' | 'siteName' | 'sent'>[]> {
  return found((database) => database.getAll('drafts'), [...here.drafts.values()]);
}

/** Forgets a draft, and its pictures unless they are still to be sent. */
export async function forgetDraft(
  draft: Pick<Draft, 'siteId' | 'photos'>,
  waiting: readonly string[] = [],
): Promise<void> {
  for (const { sha256 } of draft.photos) if (!waiting.includes(sha256)) await drop('pictures', sha256);
  await drop('drafts', draft.siteId);
}

export function findPicture(sha256: string): Promise<PreparedPicture | undefined> {
  return found((database) => database.get('pictures', sha256), here.pictures.get(sha256));
}

export function forgetPicture(sha256: string): Promise<boolean> {
  return drop('pictures', sha256);
}

/** Keeps a receipt; false when only this page remembers it. */
export function keepReceipt(kept: Kept): Promise<boolean> {
  here.receipts.set(kept.number, kept);
  return stored((database) => database.put('receipts', kept));
}

/** This browser's receipts, the newest first. */
export async function listReceipts(): Promise<Kept[]> {
  const receipts = await found((database) => database.getAll('receipts'), [] as Kept[]);
  const all = new Map([...here.receipts, ...receipts.map((kept) => [kept.number, kept] as const)]);
  return [...all.values()].sort((one, other) => other.submitted_at.localeCompare(one.submitted_at));
}

/** Forgets a receipt and the pictures that were waiting with it. The challenge itself stays. */
export async function forgetReceipt(kept: Kept): Promise<void> {
  for (const sha256 of kept.waiting) await drop('pictures', sha256);
  await drop('receipts', kept.number);
}
