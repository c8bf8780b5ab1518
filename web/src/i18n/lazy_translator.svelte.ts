// A dictionary whose English half is fetched when it is first wanted: most readers never need it, and the list is there sooner without it.
import { locale } from './locale.svelte';
import { fill, type Values } from './translator';

export interface LazyTranslator<Key extends string> {
  /** The sentence in the reader's language; in Chinese until the English ones have arrived. */
  (key: Key, values?: Values): string;
  /** Resolves when the reader's language is there, or cannot be had. */
  ready(): Promise<void>;
}

export function lazyTranslator<Key extends string>(
  chinese: Record<Key, string>,
  loadEnglish: () => Promise<Record<Key, string>>,
): LazyTranslator<Key> {
  let english = $state.raw<Record<Key, string> | null>(null);
  let loading: Promise<void> | null = null;

  function ready(): Promise<void> {
    if (locale.current !== 'en' || english) return Promise.resolve();
    loading ??= loadEnglish()
      .then(
        (sentences) => {
          english = sentences;
        },
        // Without a connection the page stays Chinese; the next sentence asks again.
        () => undefined,
      )
      .finally(() => {
        loading = null;
      });
    return loading;
  }

  function translate(key: Key, values?: Values): string {
    if (locale.current === 'en' && !english) void ready();
    return fill((locale.current === 'en' && english ? english : chinese)[key], values);
  }
  return Object.assign(translate, { ready });
}
