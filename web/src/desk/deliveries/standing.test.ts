import { expect, test } from 'vitest';
import { faultGroup, standing } from './standing';

test('each code of a fault has its sentence', () => {
  const groups = {
    smtp_550: 'nobody',
    smtp_535: 'sign_in',
    smtp_451: 'busy',
    smtp_timeout: 'unreachable',
    smtp_tls: 'unreachable',
    http_302: 'refused',
    http_404: 'refused',
    http_429: 'busy',
    http_503: 'busy',
    http_unreachable: 'unreachable',
    robot_310000: 'robot',
    robot_45009: 'busy',
    too_old: 'too_old',
    closed: 'other',
  };
  for (const [code, group] of Object.entries(groups)) expect(faultGroup(code), code).toBe(group);
});

test('a message says when it came, or why it did not', () => {
  const at = '2026-10-20T09:00:00+08:00';
  const told = (state: 'waiting' | 'delivered' | 'dead' | 'dropped', attempts: number, fault: string | null) =>
    standing({ channel: 'mail', state, attempts, fault, at });
  expect(told('waiting', 0, null)).toBe('等待发送');
  expect(told('waiting', 2, 'smtp_451')).toMatch(/第 2 次没有成功（对方暂时繁忙 smtp_451）/);
  expect(told('dead', 1, 'smtp_550')).toMatch(/地址不存在或被拒收 smtp_550，共试 1 次/);
  expect(told('delivered', 1, null)).toMatch(/送达$/);
});
