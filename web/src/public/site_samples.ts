// Sites made up for unit tests.
import type { SiteView } from '../api/wire';

/** A site that is under way and on time, with what a test wants otherwise. */
export function sampleSite(differing: Partial<SiteView> = {}): SiteView {
  return {
    id: 1,
    code: '2026-01-001',
    name: '云溪东岸村幼儿园扩建',
    address: '云溪街道东岸村 1 号',
    project: { id: 1, number: 1, title: '学前教育提升' },
    region: { code: '339901001', name: '云溪街道' },
    position: { lon: 119.98, lat: 30.55 },
    stage: 'in_progress',
    percent: 40,
    start_overdue: false,
    finish_overdue: false,
    silent: false,
    stale: false,
    struck_off_on: null,
    planned_start_on: '2026-03-01',
    planned_finish_on: '2026-12-15',
    unit: { id: 1, name: '教育局' },
    last_report_at: '2026-11-18T09:15:00+08:00',
    rev: 1,
    ...differing,
  };
}
