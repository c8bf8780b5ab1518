import { expect, test } from 'vitest';
import type { OrderStep } from '../../api/wire';
import { orderAuthor, orderDate, orderTitle, orderWords } from './order_words';

const NUMBER = '澄人常督〔2026〕12号';

function step(kind: OrderStep['kind'], rest: Partial<OrderStep> = {}): OrderStep {
  const by = { role: 'committee', region: '澄溪县' };
  const common = {
    order_id: 12,
    number: NUMBER,
    unit: '县水利局',
    level: 'order' as const,
    words: '请答复',
    due_on: '2026-10-20',
    photos: [],
    on_behalf: null,
  };
  return { ...common, kind, by, ...rest };
}

test('every level is named when an order rises, and nobody is said to have done it', () => {
  const raised = step('raised', { level: 'special_inquiry', words: '', by: null });
  expect(orderTitle(raised)).toBe(`督办单 ${NUMBER} 逾期未答复，升为“专题询问”`);
  expect([orderDate(raised), orderAuthor(raised)]).toEqual(['', '系统按期限自动升级']);
});

test('an answer is the unit’s, with the date it proposes', () => {
  const answered = step('answered', { by: null });
  expect([orderTitle(answered), orderAuthor(answered)]).toEqual([`县水利局答复督办单 ${NUMBER}`, '县水利局']);
  expect(orderDate(answered)).toBe('拟于 2026年10月20日 前完成');
});

test('a second order is named once', () => {
  const followed = step('followed', { words: '澄人常督〔2026〕15号', due_on: null });
  expect(orderTitle(followed)).toBe(`再次督办：澄人常督〔2026〕15号 接替 ${NUMBER}`);
  expect([orderWords(followed), orderAuthor(followed)]).toEqual(['', '澄溪县人大常委会']);
});

test('an answer that staff entered for the unit says so', () => {
  const entered = step('answered', { on_behalf: 'paper' });
  expect(orderAuthor(entered)).toBe('县水利局 · 代录（书面）');
});
