import { afterEach, expect, it, vi } from 'vitest';
import { lazyTranslator } from './lazy_translator.svelte';
import { locale } from './locale.svelte';

afterEach(() => locale.set('zh-CN'));

it('speaks Chinese until the English sentences have arrived, and fetches them once', async () => {
  const load = vi.fn(() => Promise.resolve({ greeting: 'Hello, {name}' }));
  const t = lazyTranslator({ greeting: '你好，{name}' }, load);
  expect(t('greeting', { name: '云溪' })).toBe('你好，云溪');
  expect(load).not.toHaveBeenCalled();
  locale.set('en');
  expect(t('greeting', { name: 'Yunxi' })).toBe('你好，Yunxi');
  await t.ready();
  expect(t('greeting', { name: 'Yunxi' })).toBe('Hello, Yunxi');
  expect(load).toHaveBeenCalledTimes(1);
});

it('stays Chinese when English cannot be had, and asks again', async () => {
  const load = vi
    .fn<() => Promise<{ greeting: string }>>()
    .mockRejectedValueOnce(new Error('offline'))
    .mockResolvedValue({ greeting: 'Hello' });
  const t = lazyTranslator({ greeting: '你好' }, load);
  locale.set('en');
  await t.ready();
  expect(t('greeting')).toBe('你好');
  await t.ready();
  expect(t('greeting')).toBe('Hello');
});
