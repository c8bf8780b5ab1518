// An act that a dialog sends: whether it is under way, and what was refused, by field and otherwise.
import { signedIn } from '../../account/session.svelte';
import { toasts } from '../../ui/toasts.svelte';
import { isStale } from '../file/acts';
import { refusalOf } from '../plan/faults';

export class Sending {
  busy = $state(false);
  faults = $state<Record<string, string>>({});
  fault = $state<string | null>(null);
  readonly #fields: readonly string[];

  constructor(...fields: string[]) {
    this.#fields = fields;
  }

  /** Marks what is missing; true when nothing is. */
  complete(needed: Record<string, string>, words: string): boolean {
    const missing = Object.entries(needed).filter(([, text]) => text.trim() === '');
    this.faults = Object.fromEntries(missing.map(([field]) => [field, words]));
    this.fault = null;
    return missing.length === 0;
  }

  /** Sends it; says `done` and returns true when it was taken. `onstale` reads anew what somebody else has changed. */
  async send(call: () => Promise<unknown>, done: string, onstale?: () => Promise<void> | void): Promise<boolean> {
    this.busy = true;
    try {
      await signedIn(call());
      toasts.show(done);
      return true;
    } catch (thrown) {
      ({ faults: this.faults, fault: this.fault } = refusalOf(thrown, this.#fields));
      if (isStale(thrown)) await onstale?.();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
