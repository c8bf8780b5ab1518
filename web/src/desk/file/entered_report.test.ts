import { expect, it } from 'vitest';
import { type EntryForm, enteredReport, lacking, stepsBack } from './entered_report';

const form: EntryForm = {
  deputy: 12,
  cameBy: 'telephone',
  month: '2026-10',
  stage: 'in_progress',
  percent: 40,
  words: ' 路基已完成 ',
  problems: [],
  stepBackReason: '',
};

it('asks for pictures where the stage changes and for a reason where it goes back', () => {
  expect(lacking(form, 'in_progress', 0)).toEqual([]);
  expect(lacking(form, 'not_started', 0)).toEqual(['photos']);
  expect(lacking(form, 'not_started', 1)).toEqual([]);
  expect(lacking(form, 'completed', 1)).toEqual(['step_back_reason']);
  expect(lacking({ ...form, deputy: null, words: ' ' }, 'in_progress', 0)).toEqual(['deputy', 'words']);
  expect(stepsBack('completed', 'not_started')).toBe(true);
  expect(stepsBack('not_started', 'not_started')).toBe(false);
});

it('is the same report however often it is sent', () => {
  const once = enteredReport(form, 41, ['ab'], '2026-10-28T08:20:00.000Z');
  expect(once).toEqual(enteredReport(form, 41, ['ab'], '2026-10-28T08:20:00.000Z'));
  expect(once).toMatchObject({
    came_by: 'telephone',
    report: { site_id: 41, words: '路基已完成', position: null, step_back_reason: null },
  });
});
