import { expect, test } from 'vitest';
import { masked, namesAPerson } from './personal_numbers';

// The same made-up words as the server's own test of what it masks. None of these numbers is anybody's.
const PERSONS = [
  '请打13800001111联系我',
  '电话：138 0000 1111',
  '手机１３９００００２２２２',
  '（+8613900002222）',
  '0086-139-0000-2222',
  '139.0000.2222',
  '19900001111和16600001111都行',
  '2026-11-22 13800001111',
  '13800001111 13900002222',
  '村委会0571 8888123',
  '（0571）88881234转801',
  '(010)62345678',
  '02162345678',
  '0571—88881234',
  '车牌浙A12345一直停着',
  '浙a·1234b',
  '沪 无牌，粤BD12345 挡路',
  '挖机旁的浙ＥＦ１２３４',
  '我是 11010519491231002x。',
];

const OTHERS = [
  '路面只铺了200米，宽3.5米',
  '工程编号2026-03-07，合同号20261122001',
  '统一社会信用代码91330521MA2B0000XX',
  '坐标120.0512,30.5401',
  '苏州路和浙江路口',
  '编号12345678901234567890',
  '10000000000元',
  '138000011112是单号',
  'G104国道K1380+500处',
  '110105194912310021',
  '浙A',
  '',
];

test('a preview masks numbers of persons however they are written, and keeps the length', () => {
  expect(masked('老王电话138 0000 1111。')).toBe('老王电话＊＊＊＊＊＊＊＊＊＊＊＊＊。');
  for (const words of PERSONS) {
    expect(masked(words), words).toContain('＊');
    expect([...masked(words)].length, words).toBe([...words].length);
    expect(masked(masked(words)), words).toBe(masked(words));
  }
});

test('what is no number of a person stays readable', () => {
  for (const words of OTHERS) expect(masked(words), words).toBe(words);
});

test('a person is named by a mobile telephone or an identity card, not by an office, a vehicle or a longer sign', () => {
  const persons = [
    '联系人张工 138-0000-1111',
    '（+86 139 0000 2222）',
    '１３９００００２２２２',
    '我是 11010519491231002x。',
  ];
  for (const words of persons) expect(namesAPerson(words), words).toBe(true);
  const signs = ['01a20941-7532-7991-8667-13ab5ff84d00', '合同 HT-139-0000-2222-A', '图号A13800001111'];
  for (const words of ['村委会0571 8888123', '车牌浙A12345一直停着', ...signs, ...OTHERS])
    expect(namesAPerson(words), words).toBe(false);
});
