// 大字版: the reader's choice of large type, kept on this device and said as an attribute on <html> that the tokens answer to.
const STORED_AS = 'minsheng.large_type';

function stored(): boolean {
  try {
    return localStorage.getItem(STORED_AS) === 'on';
  } catch {
    return false;
  }
}

let on = $state(stored());

function apply(): void {
  if (on) document.documentElement.dataset['type'] = 'large';
  else delete document.documentElement.dataset['type'];
}

export const largeType = {
  get on(): boolean {
    return on;
  },
  set(next: boolean): void {
    on = next;
    apply();
    try {
      localStorage.setItem(STORED_AS, next ? 'on' : 'off');
    } catch {
      // A browser that refuses storage still gets large type for this visit.
    }
  },
};

apply();
