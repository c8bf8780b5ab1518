// Which words somebody wants explained, and the dictionary that explains them, read once when first asked for.
import { Loaded } from '../../api/loaded.svelte';
import { readGlossary } from '../../api/public_map';
import type { GlossaryEntry, Page } from '../../api/wire';

const dictionary = new Loaded<Page<GlossaryEntry>>();

let asked = $state.raw<readonly string[] | null>(null);

function read(): void {
  if (!dictionary.value && !dictionary.busy) void dictionary.read(readGlossary);
}

export const meanings = {
  get open(): boolean {
    return asked !== null;
  },
  /** The entries asked about, in the order of the question. */
  get entries(): GlossaryEntry[] {
    const known = dictionary.value?.items ?? [];
    return (asked ?? []).flatMap((code) => known.filter((entry) => entry.code === code));
  },
  get busy(): boolean {
    return dictionary.busy;
  },
  get fault(): string | null {
    return dictionary.fault;
  },
  ask(codes: readonly string[]): void {
    asked = codes;
    read();
  },
  close(): void {
    asked = null;
  },
  retry: read,
};
