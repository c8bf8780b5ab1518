// Pages within a face, named after `#` in the address, so that back, forward and reload work without the server knowing them.

function parts(): string[] {
  return location.hash
    .replace(/^#\/?/, '')
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

let current = $state.raw(parts());

addEventListener('hashchange', () => {
  current = parts();
});

export const hashRoute = {
  /** `#/sites/12/report` → `['sites', '12', 'report']`. */
  get parts(): readonly string[] {
    return current;
  },
  /** Goes to a page; `replace` leaves no step back to the present one. */
  go(path: string, replace = false): void {
    if (replace) {
      history.replaceState(null, '', `#${path}`);
      current = parts();
    } else {
      location.hash = path;
    }
  },
};
