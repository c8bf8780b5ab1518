import { expect, it } from 'vitest';
import { sampleSite } from '../public/site_samples';
import tokens from '../ui/tokens.css?raw';
import { PALETTE } from './palette';
import { pinLook, pinName, pinNamed, ringNamed, siteFeatures } from './site_features';

it('a pin says its stage, and overdue, struck off and unverified beside it', () => {
  const late = sampleSite({ stage: 'not_started', start_overdue: true, stale: true });
  expect(pinName(pinLook(late))).toBe('pin/not_started/overdue/stale');
  expect(pinNamed('pin/not_started/overdue/stale')).toEqual(pinLook(late));
});

it('a red site that is not yet due wears no overdue mark', () => {
  expect(pinName(pinLook(sampleSite({ stage: 'not_started' })))).toBe('pin/not_started');
});

it('a struck-off site is never drawn as unverified', () => {
  const site = sampleSite({ stage: 'completed', struck_off_on: '2026-10-01', stale: true });
  expect(pinName(pinLook(site))).toBe('pin/completed/struck_off');
});

it('the site id is the feature id, and the position is longitude first', () => {
  const feature = siteFeatures([sampleSite({ id: 7 })]).features[0];
  expect(feature?.id).toBe(7);
  expect(feature?.geometry.coordinates).toEqual([119.98, 30.55]);
});

it('a cluster picture carries its counts', () => {
  expect(ringNamed('ring/3/1/2/1')).toEqual({ completed: 3, in_progress: 1, not_started: 2, overdue: 1 });
  expect(ringNamed('pin/completed')).toBeUndefined();
});

it.each([
  ['stage-completed', PALETTE.completed],
  ['stage-in-progress', PALETTE.in_progress],
  ['stage-in-progress-edge', PALETTE.in_progress_edge],
  ['stage-in-progress-glyph', PALETTE.in_progress_glyph],
  ['stage-not-started', PALETTE.not_started],
  ['overdue', PALETTE.overdue],
  ['focus', PALETTE.focus],
  ['brand', PALETTE.brand],
])('the map and the page agree on %s', (token, colour) => {
  expect(tokens).toContain(`--${token}: ${colour};`);
});
