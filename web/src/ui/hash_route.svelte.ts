// Pages within a face, named after `#` in the address, so that back, forward and reload work without the server knowing them.

function parts(): string[] {
  return location.hash
    .replace(/^#\/?/, '')
    .replace(/\?.*$/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

/** An address typed or cut by hand may hold a stray `%`; it is then taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function asked(): string {
  return location.hash.split('?')[1] ?? '';
}

let current = $state.raw(parts());
let question = $state(asked());

addEventListener('hashchange', () => {
  current = parts();
  question = asked();
});

export const hashRoute = {
  /** `#/sites/12/report` → `['sites', '12', 'report']`. */
  get parts(): readonly string[] {
    return current;
  },
  /** `#/review?unit=7` → `unit=7`. */
  get question(): string {
    return question;
  },
  /** Goes to a page; `replace` leaves no step back to the present one. */
  go(path: string, replace = false): void {
    if (replace) history.replaceState(null, '', `#${path}`);
    else location.hash = path;
    // At once, not with the event: who goes back before it comes would find nothing changed.
    current = parts();
    question = asked();
  },
};
