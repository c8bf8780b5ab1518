import { describe, expect, it } from 'vitest';
import { inParts } from './in_parts';

const numbers = Array.from({ length: 11 }, (_, at) => at);
const later = () => new Promise((resolve) => setTimeout(resolve));

describe('what is asked in parts', () => {
  it('is answered in the order of the items, whichever part comes first', async () => {
    const waits = [3, 1, 2, 1];
    const answers = await inParts(numbers, 3, async (part) => {
      for (let turn = waits[(part[0] ?? 0) / 3] ?? 0; turn > 0; turn -= 1) await later();
      return part;
    });
    expect(answers).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9, 10],
    ]);
  });

  it('counts what is done, and never asks more than three at a time', async () => {
    const told: number[] = [];
    let [open, most] = [0, 0];
    const ask = async () => {
      open += 1;
      most = Math.max(most, open);
      await later();
      open -= 1;
    };
    await inParts(numbers, 1, ask, { told: (done) => told.push(done) });
    expect([most, told]).toEqual([3, numbers.map((at) => at + 1)]);
  });

  it('asks nothing more after a fault or when nobody waits any longer', async () => {
    let asked = 0;
    const failing = async () => {
      asked += 1;
      await later();
      throw new Error('gone');
    };
    await expect(inParts(numbers, 1, failing)).rejects.toThrow('gone');
    expect(asked).toBe(3);
    const left = new AbortController();
    const leaving = async () => {
      asked += 1;
      left.abort();
      await later();
    };
    await expect(inParts(numbers, 1, leaving, { signal: left.signal })).rejects.toThrow();
    expect(asked).toBe(4);
  });

  it('of nothing asks nothing', async () => {
    await expect(inParts([], 5, () => Promise.reject(new Error('asked')))).resolves.toEqual([]);
  });
});
