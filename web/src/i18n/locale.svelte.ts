// The reader's language: chosen once, kept on this device, said to the server and to assistive technology.
import { keepChoice, keptChoice } from './kept_choice';

export type Locale = 'zh-CN' | 'en';

/** As chosen; otherwise as the server, which knows what the browser asks for, has written the page. */
function first(): Locale {
  return (keptChoice('minsheng_lang') ?? document.documentElement.lang) === 'en' ? 'en' : 'zh-CN';
}

let current = $state<Locale>(first());

export const locale = {
  get current(): Locale {
    return current;
  },
  /** Changes the language of the whole page at once. */
  set(next: Locale): void {
    current = next;
    document.documentElement.lang = next;
    keepChoice('minsheng_lang', next);
  },
};

document.documentElement.lang = locale.current;
