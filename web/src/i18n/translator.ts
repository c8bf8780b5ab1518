// Typed dictionaries: a key missing in one language, or a misspelt key, does not compile.
import { locale } from './locale.svelte';

export type Values = Record<string, string | number>;

/** Fills `{name}` places of a sentence. */
export function fill(sentence: string, values: Values = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A function from key to sentence in the reader's present language. */
export function translator<Key extends string>(chinese: Record<Key, string>, english: Record<NoInfer<Key>, string>) {
  return (key: Key, values?: Values): string => fill((locale.current === 'en' ? english : chinese)[key], values);
}
