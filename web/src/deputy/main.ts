import '../ui/tokens.css';
import '../ui/base.css';
import { mount } from 'svelte';
import { remembered } from '../account/remembered';
import { session } from '../account/session.svelte';
import { keepForOffline } from '../service_worker/register';
import App from './App.svelte';

session.remember(remembered);
const target = document.getElementById('app');
if (target) mount(App, { target });
void keepForOffline('deputy');
