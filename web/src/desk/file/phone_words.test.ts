import { expect, test } from 'vitest';
import { phoneWords } from './phone_words';

const at = '2026-10-28T16:20:00+08:00';

test('a clock that is right says when, a wrong one by how much as well', () => {
  const words = (aheadS: number | null) => phoneWords({ writtenAt: at, aheadS });
  expect(words(null)).toMatch(/^手机时间 .*填写$/);
  expect(words(-300)).toBe(words(null));
  expect(words(301)).toMatch(/比服务器快 5 分钟$/);
  expect(words(-3 * 3600)).toMatch(/比服务器慢 3 小时$/);
  expect(words(30 * 86_400)).toMatch(/比服务器快 30 天$/);
});
