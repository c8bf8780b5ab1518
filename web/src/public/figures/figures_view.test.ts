import { expect, it } from 'vitest';
import { FIRST_VIEW, type FiguresView, readFiguresView, writeFiguresView } from './figures_view';

it.each<[string, FiguresView]>([
  ['', FIRST_VIEW],
  ['month=2026-09', { ...FIRST_VIEW, month: '2026-09' }],
  ['by=unit&order=on_time&look=tables', { ...FIRST_VIEW, part: 'unit', order: 'on_time', tables: true }],
])('“%s” is the address of one view', (address, view) => {
  expect(readFiguresView(address)).toEqual(view);
  expect(writeFiguresView(view)).toBe(address);
});

it('leaves out what it does not understand', () => {
  expect(readFiguresView('month=2026-13&by=deputy&order=best&look=loud')).toEqual(FIRST_VIEW);
});
