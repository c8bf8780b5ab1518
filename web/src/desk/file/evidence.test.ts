import { expect, test } from 'vitest';
import { cameraTime, evidenceOf } from './evidence';

const photo = (report_id: string, sha256: string | null) => ({
  report_id,
  sha256,
  taken_at: null,
  position: null,
  distance_m: 40,
  earlier: null,
});

test('evidence is that of the report alone', () => {
  const file = {
    photos: [photo('a', 'one'), photo('b', 'two'), photo('a', null)],
    phones: [
      {
        report_id: 'a',
        clock_doubted: true,
        written_at: '2026-10-28T16:20:00+08:00',
        phone_ahead_s: 9,
        accuracy_m: 12.4,
        entered_by: null,
      },
    ],
  };
  const of = evidenceOf(file, 'a');
  expect([[...of.photos.keys()], of.clockDoubted, of.accuracyM]).toEqual([['one'], true, 12.4]);
  expect(of.phone).toEqual({ writtenAt: '2026-10-28T16:20:00+08:00', aheadS: 9 });
  expect(evidenceOf(file, 'c')).toEqual({
    photos: new Map(),
    clockDoubted: false,
    phone: null,
    accuracyM: null,
    enteredBy: null,
  });
});

test('a camera writes its time without a zone, and it is left as written', () => {
  expect(cameraTime('2026-10-28T15:58:12')).toBe('2026-10-28 15:58');
});
