// The keys of the review list: what each does, and when a key is meant for the list at all. Pure.

export const KEYS = {
  j: 'down',
  ArrowDown: 'down',
  k: 'up',
  ArrowUp: 'up',
  g: 'first',
  G: 'last',
  Enter: 'open',
  x: 'choose',
  X: 'choose_to',
  a: 'choose_all',
  Escape: 'clear',
  r: 'remind',
  o: 'order',
  d: 'dismiss',
  w: 'explain',
  m: 'map',
  '/': 'search',
  '?': 'help',
} as const satisfies Record<string, string>;

export type KeyAct = (typeof KEYS)[keyof typeof KEYS];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  /** Where the focus was: the name of the element, or whether words are being typed there. */
  on: { name: string; types: boolean };
}

const PRESSABLE = ['BUTTON', 'A', 'SUMMARY'];

/** What a key asks of the list; nothing while words are typed, with a modifier, or when the focused control takes the key itself. */
export function keyAct({ key, ctrlKey, altKey, metaKey, on }: Pressed): KeyAct | null {
  if (ctrlKey || altKey || metaKey || on.types) return null;
  if (key === 'Enter' && PRESSABLE.includes(on.name)) return null;
  return key in KEYS ? KEYS[key as keyof typeof KEYS] : null;
}
