import '../ui/tokens.css';
import '../ui/base.css';
import { mount } from 'svelte';
import { tp } from '../i18n/public';
import App from './App.svelte';
import { countyState } from './county_state.svelte';
import { whenTheReaderIsFree } from './hand_over.svelte';

/** Once the page is there and the list has been read: keeping it for the time without network takes nothing from them. */
const KEEP_AFTER_MS = 4000;

function keepSoon(): void {
  setTimeout(() => void import('../service_worker/register').then((module) => module.keepForOffline()), KEEP_AFTER_MS);
}

const target = document.getElementById('app');
if (target) {
  countyState.start();
  void tp.ready().then(() => whenTheReaderIsFree(target, () => mount(App, { target })));
  if (import.meta.env.PROD) {
    if (document.readyState === 'complete') keepSoon();
    else addEventListener('load', keepSoon);
  }
}
