// The rules in force, read once for all forms that ask for a new password.
import { get } from '../api/client';
import { Loaded } from '../api/loaded.svelte';
import type { PasswordRules } from '../api/wire';

export const passwordRules = new Loaded<PasswordRules>();

export function readPasswordRules(): void {
  if (passwordRules.value === null && !passwordRules.busy)
    void passwordRules.read(() => get<PasswordRules>('/api/password-rules'));
}
