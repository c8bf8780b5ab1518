/**
 * The faces that can be opened without network: which pages each of them has, and the page without content that stands for all of
 * them. A face that joins later is a further line here, a further list of files in build/service_worker.ts, and its call to `keepForOffline`.
 */
export interface Face {
  /** Address of its page without content of any moment or reader. */
  shell: string;
  owns(path: string): boolean;
}

const SITE_PAGE = /^\/sites\/[^/]+$/;
const PUBLIC_PAGES = new Set(['/', '/list', '/figures']);

export const FACES: readonly Face[] = [
  { shell: '/shell', owns: (path) => PUBLIC_PAGES.has(path) || SITE_PAGE.test(path) },
];

/** The face that a page belongs to; none for pages that need the network. */
export function faceOf(path: string): Face | null {
  return FACES.find((face) => face.owns(path)) ?? null;
}
