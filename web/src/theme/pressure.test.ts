import { describe, expect, it } from 'vitest';
import type { ThemeSite } from '../api/wire';
import { counted, markOf, PRESSURES } from './pressure';

const site = (pressure: ThemeSite['pressure']) => ({ pressure }) as ThemeSite;

describe('what presses on a theme', () => {
  it('is counted most pressing first, without what does not occur', () => {
    const sites = [site('calm'), site('overdue_red'), site('calm'), site('silent'), site('overdue_red')];
    expect(counted(sites)).toEqual([
      { pressure: 'overdue_red', count: 2 },
      { pressure: 'silent', count: 1 },
      { pressure: 'calm', count: 2 },
    ]);
    expect(counted([])).toEqual([]);
  });

  it('marks as overdue nothing but work that is late', () => {
    expect(PRESSURES.filter((pressure) => markOf(pressure) === 'overdue')).toEqual(['overdue_red', 'overdue_yellow']);
  });
});
