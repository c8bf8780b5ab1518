// A part of a page that is fetched when it is first shown, so that what everybody needs first stays small.
export interface LazyPart<Part> {
  /** The part, or null while it is under way; asking for it fetches it. */
  readonly current: Part | null;
  /** It could not be fetched: the connection is gone, or the server has a newer version. */
  readonly failed: boolean;
  retry(): void;
}

export function lazyPart<Part>(load: () => Promise<{ default: Part }>): LazyPart<Part> {
  let part = $state.raw<Part | null>(null);
  let failed = $state(false);
  let asked = false;

  function fetchPart(): void {
    if (asked) return;
    asked = true;
    load().then(
      (module) => {
        part = module.default;
      },
      () => {
        failed = true;
      },
    );
  }

  return {
    get current() {
      fetchPart();
      return part;
    },
    get failed() {
      return failed;
    },
    retry() {
      asked = false;
      failed = false;
      fetchPart();
    },
  };
}
