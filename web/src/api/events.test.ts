import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followEvents, type LineState, pauseBefore } from './events';

const lines: Line[] = [];

/** A line that the test speaks on. */
class Line extends EventTarget {
  closed = false;
  constructor() {
    super();
    lines.push(this);
  }
  close(): void {
    this.closed = true;
  }
  say(kind: string): void {
    this.dispatchEvent(new MessageEvent(kind, { data: '{}' }));
  }
}

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Line);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('waits longer after each failure, but never longer than half a minute by much', () => {
  expect([0, 1, 2, 3, 10].map((attempt) => pauseBefore(attempt, 0.5))).toEqual([1000, 2000, 4000, 8000, 30_000]);
  expect(pauseBefore(10, 1)).toBeLessThanOrEqual(33_000);
});

it('holds a line on which signs of life come, takes a silent one for dead, and reads everything again after it', () => {
  const states: LineState[] = [];
  const onReload = vi.fn();
  const stop = followEvents({ onSite: () => undefined, onReload, onState: (state) => states.push(state) });
  lines[0]?.say('open');
  for (let beat = 0; beat < 5; beat += 1) {
    vi.advanceTimersByTime(15_000);
    lines[0]?.say('heartbeat');
  }
  expect(states).toEqual(['connecting', 'open']);
  vi.advanceTimersByTime(40_000);
  expect(states).toEqual(['connecting', 'open', 'lost']);
  expect(lines[0]?.closed).toBe(true);
  vi.advanceTimersByTime(2_000);
  lines[1]?.say('open');
  expect(onReload).toHaveBeenCalledTimes(1);
  expect(states.at(-1)).toBe('open');
  stop();
  vi.advanceTimersByTime(300_000);
  expect(lines).toHaveLength(2);
});

it('says at once that the line is lost when the device has no network, and tries at once when it has one again', () => {
  const states: LineState[] = [];
  const stop = followEvents({
    onSite: () => undefined,
    onReload: () => undefined,
    onState: (state) => states.push(state),
  });
  lines[0]?.say('open');
  dispatchEvent(new Event('offline'));
  expect(states).toEqual(['connecting', 'open', 'lost']);
  dispatchEvent(new Event('online'));
  expect(lines).toHaveLength(2);
  stop();
});
