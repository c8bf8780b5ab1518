// The present view and its address bar: every change of view is an address, and the back button leads back.
import { NO_FILTERS, type SiteFilters } from './filters';
import { readView, type View, viewAddress } from './view';

let current = $state.raw<View>(readView(location));
let returns = $state(0);

addEventListener('popstate', () => {
  current = readView(location);
  returns += 1;
});

export const viewState = {
  get current(): View {
    return current;
  },
  /** How often the reader went back or forward: the map then goes to where the address says, instead of saying where it is. */
  get returns(): number {
    return returns;
  },
  /** Changes part of the view. A small change (typing, moving the map) replaces the address instead of adding a step back. */
  go(change: Partial<View>, step: 'new' | 'replace' = 'new'): void {
    const next = { ...current, ...change };
    const address = viewAddress(next);
    if (address !== viewAddress(current)) history[step === 'new' ? 'pushState' : 'replaceState'](null, '', address);
    current = next;
  },
  filter(change: Partial<SiteFilters>, step: 'new' | 'replace' = 'new'): void {
    viewState.go({ filters: { ...current.filters, ...change } }, step);
  },
  clearFilters(): void {
    viewState.go({ filters: NO_FILTERS });
  },
};
