import { describe, expect, it } from 'vitest';
import { reasonWords } from './reasons';

const since = '2026-10-01';

describe('the words of a reason', () => {
  it('says how late the work is', () => {
    expect(reasonWords({ code: 'overdue_red', since, days: 52, points: 1, figures: {} })).toBe('逾期 52 天未开工');
    expect(reasonWords({ code: 'overdue_yellow', since, days: 3, points: 1, figures: {} })).toBe('逾期 3 天未完工');
  });

  it('counts silent months when there are several', () => {
    expect(reasonWords({ code: 'silent', since, days: 82, points: 1, figures: { months: 2 } })).toBe(
      '连续 2 个月无反馈',
    );
    expect(reasonWords({ code: 'silent', since, days: 22, points: 1, figures: { months: 1 } })).toBe(
      '上月无反馈，已 22 天',
    );
  });

  it('says how far away the report was written', () => {
    expect(reasonWords({ code: 'off_site', since, days: 1, points: 1, figures: { distance_m: 2310 } })).toBe(
      '反馈位置距点位 2.3 公里',
    );
    expect(reasonWords({ code: 'off_site', since, days: 1, points: 1, figures: {} })).toBe('反馈位置不在现场');
  });

  it('says how many announced pictures never came', () => {
    expect(reasonWords({ code: 'photos_missing', since, days: 1, points: 40, figures: { photos: 2 } })).toBe(
      '反馈所附 2 张照片一直没有传到',
    );
  });
});
