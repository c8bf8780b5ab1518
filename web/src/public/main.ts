import '../ui/tokens.css';
import '../ui/base.css';
import { mount } from 'svelte';
import { tp } from '../i18n/public';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) {
  void tp.ready().then(() => {
    // The server has written the page's content here for readers without script.
    target.replaceChildren();
    mount(App, { target });
  });
}
