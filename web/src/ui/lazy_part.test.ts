import { expect, it, vi } from 'vitest';
import { lazyPart } from './lazy_part.svelte';

it('is fetched when first asked for, and once', async () => {
  const load = vi.fn(() => Promise.resolve({ default: 'panel' }));
  const part = lazyPart(load);
  expect(load).not.toHaveBeenCalled();
  expect(part.current).toBeNull();
  await vi.waitFor(() => expect(part.current).toBe('panel'));
  expect(load).toHaveBeenCalledTimes(1);
});

it('says when it cannot be had, and can be asked again', async () => {
  const load = vi.fn<() => Promise<{ default: string }>>().mockRejectedValueOnce(new Error('offline'));
  load.mockResolvedValue({ default: 'panel' });
  const part = lazyPart(load);
  void part.current;
  await vi.waitFor(() => expect(part.failed).toBe(true));
  part.retry();
  expect(part.failed).toBe(false);
  await vi.waitFor(() => expect(part.current).toBe('panel'));
});
