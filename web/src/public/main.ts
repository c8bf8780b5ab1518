import '../ui/tokens.css';
import '../ui/base.css';
import { mount } from 'svelte';
import { tp } from '../i18n/public';
import App from './App.svelte';
import { countyState } from './county_state.svelte';
import { whenTheReaderIsFree } from './hand_over.svelte';

const target = document.getElementById('app');
if (target) {
  countyState.start();
  void tp.ready().then(() => whenTheReaderIsFree(target, () => mount(App, { target })));
}
