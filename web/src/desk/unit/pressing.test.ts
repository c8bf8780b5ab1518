import { expect, it } from 'vitest';
import type { SiteView, Stage } from '../../api/wire';
import { pressingFirst } from './pressing';

function site(id: number, stage: Stage, overdue: boolean, planned_finish_on: string | null = null): SiteView {
  return { id, stage, start_overdue: false, finish_overdue: overdue, planned_finish_on } as SiteView;
}

it('puts late red before late yellow before what is not due, and done work last', () => {
  const sites = [
    site(1, 'completed', false),
    site(2, 'in_progress', true),
    site(3, 'not_started', true, '2026-10-31'),
    site(4, 'in_progress', false),
    site(5, 'not_started', true, '2026-06-30'),
  ];
  expect(pressingFirst(sites).map(({ id }) => id)).toEqual([5, 3, 2, 4, 1]);
});
