import { expect, it } from 'vitest';
import { overtaken, rebased } from './site_words';

const began = { name: '幼儿园', address: '一路', unit: '7', people: '500', remarks: '' };

it('follows the other person where one has written nothing oneself', () => {
  const mine = { ...began, name: '中心幼儿园' };
  const theirs = { ...began, address: '二路' };
  expect(rebased(began, mine, theirs)).toEqual({ ...began, name: '中心幼儿园', address: '二路' });
  expect(overtaken(began, rebased(began, mine, theirs), theirs)).toEqual([]);
});

it('names what both have changed, and nothing on which they agree', () => {
  const theirs = { ...began, name: '第一幼儿园', people: '600' };
  expect(overtaken(began, { ...began, name: '中心幼儿园', people: '600' }, theirs)).toEqual(['name']);
});
