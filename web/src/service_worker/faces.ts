/**
 * The faces that can be opened without network: which pages each of them has, and the page without content that stands for all of
 * them. A face that joins later is a further line here, a further list of files in build/service_worker.ts, and its call to `keepForOffline`.
 */
export type FaceName = 'public' | 'deputy';

export interface Face {
  name: FaceName;
  /** Address of its page without content of any moment or reader. */
  shell: string;
  owns(path: string): boolean;
  /** The kept page is opened at once, without asking: it has no content of its own and belongs to the kept files. */
  keptFirst: boolean;
}

const SITE_PAGE = /^\/sites\/[^/]+$/;
const PUBLIC_PAGES = new Set(['/', '/list', '/figures']);

export const FACES: readonly Face[] = [
  { name: 'public', shell: '/shell', owns: (path) => PUBLIC_PAGES.has(path) || SITE_PAGE.test(path), keptFirst: false },
  { name: 'deputy', shell: '/deputy', owns: (path) => path === '/deputy', keptFirst: true },
];

/** The face that a page belongs to; none for pages that need the network. */
export function faceOf(path: string): Face | null {
  return FACES.find((face) => face.owns(path)) ?? null;
}
