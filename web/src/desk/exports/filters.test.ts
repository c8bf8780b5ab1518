import { describe, expect, it } from 'vitest';
import { filtersOf } from './filters';

describe('the filters of a file', () => {
  it('are those that were chosen', () => {
    expect(filtersOf({ q: '幼儿园', stage: '', overdue: null, project: 3 })).toBe(
      'q=%E5%B9%BC%E5%84%BF%E5%9B%AD&project=3',
    );
  });

  it('are never a part of the list', () => {
    expect(filtersOf({ limit: 100, cursor: '41', left: true })).toBe('left=true');
  });

  it('keep signs that mean something in an address inside their value', () => {
    expect(filtersOf({ q: 'a&limit=1#b' })).toBe('q=a%26limit%3D1%23b');
  });
});
