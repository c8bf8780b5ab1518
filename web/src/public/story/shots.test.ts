import { describe, expect, it } from 'vitest';
import type { ReportView, Story } from '../../api/wire';
import { shotsOf } from './shots';

const photo = (sha256: string, missing = false) => ({
  sha256,
  missing,
  url: '',
  thumbnail_url: '',
  width: 4,
  height: 3,
});
const report = (id: string, photos: ReturnType<typeof photo>[]) => ({ id, photos }) as unknown as ReportView;

describe('the photographs of a story', () => {
  it('stand in the order of the story, without those that have not arrived', () => {
    const months = [
      {
        entries: [
          { kind: 'reminder' },
          { kind: 'report', report: report('b', [photo('2'), photo('3', true), photo('4')]) },
        ],
      },
      { entries: [{ kind: 'report', report: report('a', [photo('1')]) }] },
    ];
    const shots = shotsOf({ months } as unknown as Story);
    expect(shots.map((shot) => [shot.key, shot.at])).toEqual([
      ['b/2', 1],
      ['b/4', 2],
      ['a/1', 1],
    ]);
  });
});
