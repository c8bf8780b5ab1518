import { describe, expect, it } from 'vitest';
import type { TermAdoption, TermDeputy } from '../../api/wire';
import { fateWords, leavingWords, matching, termFilters } from './term_contents';

const deputy: TermDeputy = {
  id: 12,
  name: '沈晓岚',
  level: 'county',
  constituency: '清溪镇第一选区',
  region: { code: '339901004', name: '清溪镇' },
  group: { id: 4, name: '教育小组' },
  joined_on: null,
  left_on: null,
  left_because: null,
  adoptions: 2,
};

const adoption: TermAdoption = {
  site: { id: 41, code: '2026-03-07', name: '石桥农村公路' },
  deputy: { id: 12, name: '沈晓岚' },
  level: 'county',
  region: { code: '339901004', name: '清溪镇' },
  from: '2026-01-10',
  until: '2026-12-28',
  ending: 'carried',
  to: { id: 17, name: '周文涛' },
  reports: 11,
};

describe('a term opened', () => {
  it('says when and why a deputy left', () => {
    expect(leavingWords(deputy)).toBe('届内在任');
    expect(leavingWords({ ...deputy, left_on: '2026-12-28', left_because: 'term_ended' })).toBe(
      '2026年12月28日离任：换届',
    );
    expect(leavingWords({ ...deputy, left_on: '2026-12-28', left_because: 'unheard_of' })).toContain('其他');
  });

  it('says what became of an adoption, and to whom the site went', () => {
    expect(fateWords(adoption)).toBe('换届移交，由周文涛接手');
    expect(fateWords({ ...adoption, ending: 'closed', to: null })).toBe('换届结束领办');
  });

  it('finds people and sites by any of their names', () => {
    expect(matching([deputy], '教育')).toHaveLength(1);
    expect(matching([deputy], '周文涛')).toHaveLength(0);
    expect(matching([adoption], ' 周文涛 ')).toHaveLength(1);
    expect(matching([adoption], '2026-03')).toHaveLength(1);
    expect(matching([deputy], '')).toHaveLength(1);
  });

  it('narrows the file as the page is narrowed', () => {
    expect(termFilters(17, '')).toBe('term=17');
    expect(termFilters(17, 'township')).toBe('term=17&level=township');
  });
});
