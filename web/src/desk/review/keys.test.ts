import { expect, test } from 'vitest';
import { keyAct } from './keys';

const pressed = (key: string, more: Partial<Parameters<typeof keyAct>[0]> = {}) =>
  keyAct({ key, ctrlKey: false, altKey: false, metaKey: false, on: { name: 'BODY', types: false }, ...more });

test('one key is one act', () => {
  expect(['j', 'k', 'x', 'X', 'Enter', '?', 'q'].map((key) => pressed(key))).toEqual([
    'down',
    'up',
    'choose',
    'choose_to',
    'open',
    'help',
    null,
  ]);
});

test('keys are left to whoever types, to the browser and to the button in focus', () => {
  expect(pressed('j', { on: { name: 'INPUT', types: true } })).toBeNull();
  expect(pressed('r', { ctrlKey: true })).toBeNull();
  expect(pressed('Enter', { on: { name: 'BUTTON', types: false } })).toBeNull();
  expect(pressed('x', { on: { name: 'BUTTON', types: false } })).toBe('choose');
});
