/** How much the phone still lets the app keep, and the request not to clear it away. Both are only as good as the browser's word. */

/** With less than this many bytes left, a few more photographs may not fit. */
const SCARCE = 30 * 1024 * 1024;

/** Megabytes left when they are scarce; null when there is room enough, or nobody knows. */
export async function scarceMegabytes(): Promise<number | null> {
  try {
    const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota === undefined || usage === undefined) return null;
    const left = Math.max(0, quota - usage);
    return left < SCARCE ? Math.floor(left / 1024 / 1024) : null;
  } catch {
    return null;
  }
}

let asked = false;

/** Asks once that what is kept be not cleared when the phone runs short. Whether it is granted changes nothing here. */
export function askToStay(): void {
  if (asked) return;
  asked = true;
  void navigator.storage?.persist?.().catch(() => undefined);
}
