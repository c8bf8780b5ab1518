import { expect, it } from 'vitest';
import { placeOf } from './address';
import { asTyped, type Draft, frozen, keptOf, lacksOf, namesSomebody, newDraft } from './draft';

const site = { id: 7, code: 'S-7', name: '石桥村公路' };

function draftWith(change: Partial<Draft>): Draft {
  return { ...newDraft(site, 'key', 1000), ...change };
}

it('lacks what was seen and enough words, counted as a person counts them', () => {
  expect(lacksOf(draftWith({}))).toEqual(['seen', 'words']);
  expect(lacksOf(draftWith({ seen: 'unsure', words: '  路没修完 ' }))).toEqual(['words']);
  expect(lacksOf(draftWith({ seen: 'unsure', words: '路没有修完' }))).toEqual([]);
  expect(lacksOf(draftWith({ seen: 'completed', words: '𠮷'.repeat(500) }))).toEqual([]);
  expect(lacksOf(draftWith({ seen: 'completed', words: '路'.repeat(501) }))).toEqual(['words']);
});

it('is the same body however often it is sent, whatever the clock says meanwhile', () => {
  const first = frozen(draftWith({ seen: 'unsure', words: ' 路没有修完 ' }), 9000);
  expect(first.sent).toEqual({
    seen: null,
    words: '路没有修完',
    photos: [],
    position: null,
    website: '',
    filled_ms: 8000,
  });
  expect(frozen({ ...first, words: '别的话' }, 99_000).sent).toBe(first.sent);
  expect(first.key).toBe('key');
});

it('was never filled in before it was opened, nor for longer than the wire can say', () => {
  expect(frozen(draftWith({}), 10).sent.filled_ms).toBe(0);
  expect(frozen(draftWith({}), 1e15).sent.filled_ms).toBe(2 ** 32 - 1);
});

it('keeps with the receipt what is still to be sent', () => {
  const receipt = {
    number: '7K2M9QXD',
    secret: 'S',
    state: 'submitted' as const,
    submitted_at: 'then',
    missing_photos: ['a'],
  };
  expect(keptOf(draftWith({}), receipt)).toMatchObject({ number: '7K2M9QXD', siteCode: 'S-7', waiting: ['a'] });
});

it('sees telephone and identity numbers, and no other numbers', () => {
  for (const words of ['电话13812345678', '请打 138 1234 5678', '１３８１２３４５６７８', '33010219900101123X'])
    expect(namesSomebody(words), words).toBe(true);
  for (const words of ['路长200米', '编号2026-03-07', '花了12345678901234元', '2026年11月22日'])
    expect(namesSomebody(words), words).toBe(false);
});

it('reads number and secret as they were meant', () => {
  expect(asTyped(' 7k2m-9qxd ')).toBe('7K2M9QXD');
  expect(asTyped('OIL0–ａ')).toBe('0110A');
});

it('knows from the address what is asked for', () => {
  expect(placeOf({ search: '?site=41', hash: '' })).toEqual({ kind: 'form', siteId: 41 });
  expect(placeOf({ search: '?site=41', hash: '#7k2m9qxd' })).toEqual({ kind: 'own', number: '7K2M9QXD' });
  expect(placeOf({ search: '?site=41;drop', hash: '#content' })).toEqual({ kind: 'home' });
});
