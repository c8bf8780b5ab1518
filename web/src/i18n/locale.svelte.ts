// The reader's language: chosen once, kept on this device, said to the server and to assistive technology.
export type Locale = 'zh-CN' | 'en';

const STORED_AS = 'minsheng.locale';

function stored(): Locale {
  try {
    return localStorage.getItem(STORED_AS) === 'en' ? 'en' : 'zh-CN';
  } catch {
    return 'zh-CN';
  }
}

let current = $state<Locale>(stored());

export const locale = {
  get current(): Locale {
    return current;
  },
  /** Changes the language of the whole page at once. */
  set(next: Locale): void {
    current = next;
    document.documentElement.lang = next;
    try {
      localStorage.setItem(STORED_AS, next);
    } catch {
      // A browser that refuses storage still gets the language for this visit.
    }
  },
};

document.documentElement.lang = locale.current;
