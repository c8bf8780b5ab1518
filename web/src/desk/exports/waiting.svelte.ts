/** Files that wait for a second person: one's own and those that one may confirm. Read when a page is opened and after each act. */
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import { Loaded } from '../../api/loaded.svelte';
import type { Page, WaitingFile } from '../../api/wire';

const files = new Loaded<Page<WaitingFile>>();

export const waitingFiles = {
  get items(): readonly WaitingFile[] {
    return files.value?.items ?? [];
  },
  changed(): void {
    void files.read(() => signedIn(get<Page<WaitingFile>>('/api/desk-exports')));
  },
};

/** Has the browser keep the file. */
export function fetchFile(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
