// The Idempotency-Key of an act that a person fills in and may repeat after a lost answer.
import { uuidV7 } from './uuid';

/** Makes the key of an act: the same one as long as the same is asked, a new one as soon as something has changed. */
export function actKeys(): (asked: unknown) => string {
  let last = '';
  let key = '';
  return (asked) => {
    const text = JSON.stringify(asked);
    if (key === '' || text !== last) key = uuidV7();
    last = text;
    return key;
  };
}
