import { expect, test } from 'vitest';
import { letter, letterDay, officeOf, stageOf } from './letter';

test('dates stand without spaces and without leading noughts', () => {
  expect(letterDay('2026-11-02')).toBe('2026年11月2日');
  expect(letter.ask(letterDay('2026-12-31'))).toBe('请于2026年12月31日前将办理情况书面答复我单位。');
});

test('the letter is in the name of whoever issued it', () => {
  expect(officeOf({ code: '339901', name: '澄溪县' })).toBe('澄溪县人民代表大会常务委员会');
  expect(officeOf({ code: '339901003', name: '竹溪镇' })).toBe('竹溪镇人大工作委员会');
});

test('a stage that was not kept is a dash', () => {
  expect([stageOf('completed'), stageOf(null)]).toEqual(['已完成', '—']);
});
