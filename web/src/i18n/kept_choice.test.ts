import { describe, expect, it } from 'vitest';
import { keepChoice, keptChoice } from './kept_choice';

describe('a choice of the reader', () => {
  it('is read as it was kept, beside other cookies', () => {
    expect(keptChoice('minsheng_type')).toBeNull();
    keepChoice('minsheng_lang', 'en');
    keepChoice('minsheng_type', 'large');
    expect([keptChoice('minsheng_lang'), keptChoice('minsheng_type')]).toEqual(['en', 'large']);
    keepChoice('minsheng_type', 'normal');
    expect(keptChoice('minsheng_type')).toBe('normal');
  });
});
