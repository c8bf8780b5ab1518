/**
 * What the phone keeps, in IndexedDB, every key beginning with the account: drafts, their pictures, and the last answers to read without
 * network. Another account on the same phone finds none of it. A picture is written once and not again with every letter that is typed.
 * A browser that refuses storage (full disk, private window) is told to the reader by `StoreFault`, never hidden.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { type Draft, type DraftPhoto, mayEdit } from './report/draft';

/** The phone refused to keep something, and why. */
export class StoreFault extends Error {
  constructor(
    readonly code: 'full' | 'refused',
    cause: unknown,
  ) {
    super(code, { cause });
  }
}

interface Shape extends DBSchema {
  drafts: { key: [number, number]; value: Draft; indexes: { account: number } };
  pictures: { key: [number, string]; value: { accountId: number; sha256: string; blob: Blob } };
  answers: { key: [number, string]; value: { accountId: number; name: string; value: unknown; at: number } };
}

const NAME = 'minsheng-deputy';
/** All keys that begin with the account's number. */
const ofAccount = (accountId: number) => IDBKeyRange.bound([accountId], [accountId, []]);

let opening: Promise<IDBPDatabase<Shape>> | null = null;

function open(): Promise<IDBPDatabase<Shape>> {
  opening ??= openDB<Shape>(NAME, 2, {
    upgrade(database, before) {
      if (before < 1) {
        const drafts = database.createObjectStore('drafts', { keyPath: ['accountId', 'siteId'] });
        drafts.createIndex('account', 'accountId');
      }
      if (before < 2) {
        database.createObjectStore('pictures', { keyPath: ['accountId', 'sha256'] });
        database.createObjectStore('answers', { keyPath: ['accountId', 'name'] });
      }
    },
    // Another tab brings a newer format: this one lets go, and opens anew when it has to.
    blocking: (_now, _next, event) => {
      (event.target as IDBDatabase).close();
      opening = null;
    },
    terminated: () => {
      opening = null;
    },
  });
  return opening;
}

async function trying<Value>(work: (database: IDBPDatabase<Shape>) => Promise<Value>): Promise<Value> {
  try {
    return await work(await open());
  } catch (cause) {
    opening = null;
    const name = (cause as DOMException | null)?.name;
    throw new StoreFault(name === 'QuotaExceededError' ? 'full' : 'refused', cause);
  }
}

/** The draft as it is written: the pictures lie beside it. */
function withoutBlobs(draft: Draft): Draft {
  return { ...draft, photos: draft.photos.map((photo) => (photo.blob ? { ...photo, blob: null, kept: true } : photo)) };
}

type Writing = IDBPTransaction<Shape, ('drafts' | 'pictures')[], 'readwrite'>;

async function put(draft: Draft, transaction: Writing): Promise<void> {
  const pictures = transaction.objectStore('pictures');
  const missing: { sha256: string; blob: Blob }[] = [];
  for (const { sha256, blob } of draft.photos)
    if (blob && !(await pictures.getKey([draft.accountId, sha256]))) missing.push({ sha256, blob });
  await Promise.all([
    ...missing.map((picture) => pictures.put({ accountId: draft.accountId, ...picture })),
    transaction.objectStore('drafts').put(withoutBlobs(draft)),
    transaction.done,
  ]);
}

/** Writes the draft and those of its pictures that are not there yet, or nothing of it; throws `StoreFault`. */
export async function keepDraft(draft: Draft): Promise<void> {
  await trying((database) => put(draft, database.transaction(['drafts', 'pictures'], 'readwrite')));
}

/**
 * Writes a draft as it is handed in, unless another tab has handed the same one in before: then that one stands, because the server may
 * have it already, and is the answer. Throws `StoreFault`.
 */
export async function handIn(draft: Draft): Promise<Draft> {
  return trying(async (database) => {
    const transaction = database.transaction(['drafts', 'pictures'], 'readwrite');
    const kept = await transaction.objectStore('drafts').get([draft.accountId, draft.siteId]);
    if (kept?.id === draft.id && !mayEdit(kept)) return whole(kept, transaction);
    await put(draft, transaction);
    return draft;
  });
}

/** Writes the draft with only those pictures that the phone has already: for one that is too full for more. Throws `StoreFault`. */
export async function keepWords(draft: Draft): Promise<void> {
  await trying(async (database) => {
    const transaction = database.transaction(['drafts', 'pictures'], 'readwrite');
    const there = new Set(
      (await transaction.objectStore('pictures').getAllKeys(ofAccount(draft.accountId))).map((key) => key[1]),
    );
    const photos = draft.photos.filter(({ blob, sha256 }) => blob === null || there.has(sha256));
    await Promise.all([transaction.objectStore('drafts').put(withoutBlobs({ ...draft, photos })), transaction.done]);
  });
}

type Reading = IDBPTransaction<Shape, ('drafts' | 'pictures')[], 'readonly' | 'readwrite'>;

/** Puts the pictures back into a draft; one that the phone has lost meanwhile is marked. */
async function whole(draft: Draft, transaction: Reading): Promise<Draft> {
  const photos: DraftPhoto[] = [];
  for (const photo of draft.photos) {
    if (!photo.kept) photos.push(photo);
    else {
      const found = await transaction.objectStore('pictures').get([draft.accountId, photo.sha256]);
      photos.push({ ...photo, blob: found?.blob ?? null, lost: found === undefined });
    }
  }
  return { ...draft, photos };
}

/** The account's draft for a site, or null when there is none or the phone does not say. */
export async function findDraft(accountId: number, siteId: number): Promise<Draft | null> {
  const read = trying(async (database) => {
    const transaction = database.transaction(['drafts', 'pictures']);
    const draft = await transaction.objectStore('drafts').get([accountId, siteId]);
    return draft ? whole(draft, transaction) : null;
  });
  return read.catch(() => null);
}

/** All drafts of the account. Pictures that belong to none of them any more are let go. */
export async function listDrafts(accountId: number): Promise<Draft[]> {
  const read = trying(async (database) => {
    const transaction = database.transaction(['drafts', 'pictures'], 'readwrite');
    const drafts: Draft[] = [];
    for (const draft of await transaction.objectStore('drafts').index('account').getAll(accountId))
      drafts.push(await whole(draft, transaction));
    await sweep(accountId, drafts, transaction);
    return drafts;
  });
  return read.catch(() => []);
}

async function sweep(
  accountId: number,
  drafts: Draft[],
  transaction: IDBPTransaction<Shape, ('drafts' | 'pictures')[], 'readwrite'>,
): Promise<void> {
  const used = new Set(drafts.flatMap((draft) => draft.photos.map(({ sha256 }) => sha256)));
  const pictures = transaction.objectStore('pictures');
  for (const key of await pictures.getAllKeys(ofAccount(accountId))) if (!used.has(key[1])) await pictures.delete(key);
}

/** Forgets the account's draft for a site; its pictures go when the account's drafts are next listed. */
export async function forgetDraft(accountId: number, siteId: number): Promise<void> {
  await trying((database) => database.delete('drafts', [accountId, siteId]));
}

/** Keeps an answer to read it without network; a phone that has no room for it goes without. */
export async function keepAnswer(accountId: number, name: string, value: unknown): Promise<void> {
  const at = Date.now();
  await trying((database) => database.put('answers', { accountId, name, value, at })).catch(() => undefined);
}

/** The answer kept last and when that was, by the phone's clock. */
export async function findAnswer<Value>(accountId: number, name: string): Promise<{ value: Value; at: number } | null> {
  const kept = await trying((database) => database.get('answers', [accountId, name])).catch(() => undefined);
  return kept ? { value: kept.value as Value, at: kept.at } : null;
}

/** Forgets what was read for the account, and on demand what it wrote as well. */
export async function forgetAccount(accountId: number, alsoDrafts: boolean): Promise<void> {
  await trying(async (database) => {
    const stores = alsoDrafts ? (['answers', 'drafts', 'pictures'] as const) : (['answers'] as const);
    const transaction = database.transaction(stores, 'readwrite');
    await Promise.all([
      ...stores.map((name) => transaction.objectStore(name).delete(ofAccount(accountId))),
      transaction.done,
    ]);
  }).catch(() => undefined);
}
