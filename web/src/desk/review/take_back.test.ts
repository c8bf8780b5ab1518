import { describe, expect, it } from 'vitest';
import { heldFor } from './take_back';

const now = Date.parse('2026-10-20T09:00:00+08:00');
const sent = (undo_until: string | null) => ({ id: undo_until === null ? null : 'a', undo_until });

describe('a reminder just sent', () => {
  it('can be taken back until its people find it', () => {
    expect(heldFor([sent('2026-10-20T09:01:00+08:00')], now)).toBe(60_000);
  });

  it('of many parts ends with the first', () => {
    expect(heldFor([sent('2026-10-20T09:01:00+08:00'), sent('2026-10-20T09:00:50+08:00')], now)).toBe(50_000);
  });

  it('cannot be taken back where it was sent at once or too long ago', () => {
    expect(heldFor([sent(null)], now)).toBe(0);
    expect(heldFor([sent('2026-10-20T08:59:00+08:00')], now)).toBe(0);
    expect(heldFor([], now)).toBe(0);
  });
});
