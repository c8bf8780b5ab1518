import { describe, expect, it } from 'vitest';
import { belongsToDeputies, mayAct, pagesOf } from './navigation';

describe('the pages of the desk', () => {
  it('lands every role on something real', () => {
    expect(pagesOf([{ role: 'committee' }])).toEqual([
      'review',
      'challenges',
      'orders',
      'months',
      'sites',
      'offers',
      'plan',
      'roster',
      'joining',
      'duty',
      'deliveries',
      'imports',
      'settings',
      'notices',
      'sessions',
    ]);
    expect(pagesOf([{ role: 'working_committee' }])[0]).toBe('review');
    expect(pagesOf([{ role: 'working_committee' }])).toContain('imports');
    expect(pagesOf([{ role: 'unit_handler' }])[0]).toBe('unit');
    expect(pagesOf([{ role: 'station_keeper' }])[0]).toBe('station');
    expect(pagesOf([{ role: 'administrator' }])).toEqual(['accounts', 'notices', 'sessions']);
    expect(pagesOf([{ role: 'security_administrator' }])).toEqual(['security', 'accounts', 'notices', 'sessions']);
    expect(pagesOf([{ role: 'auditor' }])).toEqual(['audit', 'notices', 'sessions']);
  });

  it('joins the pages of several roles without doubling', () => {
    const both = pagesOf([{ role: 'working_committee' }, { role: 'station_keeper' }]);
    expect(both).toEqual([
      'review',
      'challenges',
      'orders',
      'months',
      'station',
      'sites',
      'offers',
      'roster',
      'joining',
      'duty',
      'deliveries',
      'imports',
      'notices',
      'sessions',
    ]);
  });

  it('knows who belongs elsewhere and who may act', () => {
    expect(belongsToDeputies([{ role: 'deputy' }])).toBe(true);
    expect(belongsToDeputies([{ role: 'deputy' }, { role: 'committee' }])).toBe(false);
    expect(mayAct([{ role: 'administrator' }])).toBe(false);
  });
});
