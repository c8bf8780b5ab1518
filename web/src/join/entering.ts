// After a password was set: signing in with it and going to the deputies' app, or to the desk. The page is left, so nothing of the door stays
// behind.
import { post } from '../api/client';
import { uuidV7 } from '../api/uuid';

/** Whoever is asked for more than the password meets that on the app's own form. */
export async function enter(login: string, password: string, face: '/deputy' | '/desk' = '/deputy'): Promise<void> {
  await post('/api/session', { login, password }, { idempotencyKey: uuidV7() });
  location.replace(face);
}
