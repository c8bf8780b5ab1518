// 大字版: the reader's choice of large type, kept on this device and said as an attribute on <html> that the tokens answer to.
import { keepChoice, keptChoice } from '../i18n/kept_choice';

/** As chosen; otherwise as the server has written the page. */
function first(): boolean {
  return (keptChoice('minsheng_type') ?? document.documentElement.dataset['type']) === 'large';
}

let on = $state(first());

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
    keepChoice('minsheng_type', next ? 'large' : 'normal');
  },
};

apply();
