import { expect, it } from 'vitest';
import type { ReviewRow, SiteEvent } from '../../api/wire';
import { afterEvent } from './after_event';

const rows = [3, 4].map((id) => ({ site_id: id, site: { id, stage: 'not_started', rev: 10 } }) as ReviewRow);
const event: SiteEvent = {
  id: 4,
  stage: 'completed',
  overdue: false,
  rev: 11,
  percent: 100,
  struck_off: false,
  stale: false,
  silent: false,
};

it('recolours the row of the site and no other', () => {
  expect(afterEvent(rows, event).map((row) => row.site.stage)).toEqual(['not_started', 'completed']);
});

it('ignores an event older than what is shown', () => {
  expect(afterEvent(rows, { ...event, rev: 9 })).toEqual(rows);
});
