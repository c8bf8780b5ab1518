import { expect, it } from 'vitest';
import { deviceOf } from './device';

it('recognises the devices people know by name', () => {
  const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.44';
  expect(deviceOf(iphone)).toEqual({ system: 'iPhone', browser: 'WeChat' });
  const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0';
  expect(deviceOf(edge)).toEqual({ system: 'Windows', browser: 'Edge' });
  expect(deviceOf('curl/8')).toEqual({ system: null, browser: null });
});
