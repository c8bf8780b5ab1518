// The server has written the page's content for readers without script. The app takes its place when it has something to show, and not
// while somebody is in the middle of reading or filling in what is there: until then the links and the form work by themselves.
import { countyState } from './county_state.svelte';

const RETRY_MS = 10_000;

/** Calls `take` once, when the county has been read and the reader is not busy with what the server has written. */
export function whenTheReaderIsFree(served: HTMLElement, take: () => void): void {
  const stop = $effect.root(() => {
    $effect(() => {
      if (countyState.loading) return;
      if (countyState.fault && served.childElementCount > 0) {
        // What the server has written is better than the news that nothing newer could be read.
        setTimeout(countyState.retry, RETRY_MS);
        return;
      }
      queueMicrotask(() => {
        stop();
        waitUntilFree(served, take);
      });
    });
  });
}

function waitUntilFree(served: HTMLElement, take: () => void): void {
  const tryAgain = () => {
    if (isBusy(served)) return;
    removeEventListener('scroll', tryAgain);
    served.removeEventListener('focusout', later);
    const hadFocus = served.contains(document.activeElement);
    served.replaceChildren();
    scrollTo(0, 0);
    take();
    if (hadFocus) document.getElementById('content')?.focus();
  };
  // The field that takes the focus over is known only after the event.
  const later = () => setTimeout(tryAgain);
  addEventListener('scroll', tryAgain, { passive: true });
  served.addEventListener('focusout', later);
  tryAgain();
}

function isBusy(served: HTMLElement): boolean {
  const active = document.activeElement;
  const inField = active !== null && served.contains(active) && active.matches('input, select, textarea');
  return inField || scrollY > innerHeight / 2;
}
