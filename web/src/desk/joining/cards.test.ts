import { expect, it } from 'vitest';
import type { AccountCard, InvitationCard } from '../../api/wire';
import { accountCard, deputyCard } from './cards';

const qr = { side: 37, path: 'M4 4h7v1h-7z' };
const account: AccountCard = {
  id: 8,
  account_id: 21,
  name: '县教育局',
  place: '县教育局',
  login: 'jiaoyu',
  asks_for: 'phone',
  awaits_confirmation: false,
  expires_at: '2026-11-19T09:00:00+08:00',
  link: 'https://map.example/join#0a1b',
  qr,
};

it('says constituency and station of a deputy, and no login', () => {
  const card = {
    name: '沈晓岚',
    constituency: '清溪镇第一选区',
    region: '清溪镇',
    station: '清溪站',
    qr,
  } as InvitationCard;
  expect(deputyCard(card)).toMatchObject({
    kind: 'deputy',
    place: '清溪镇第一选区 · 清溪站',
    login: null,
    asksFor: 'phone',
  });
  expect(deputyCard({ ...card, constituency: '', station: null }).place).toBe('清溪镇');
});

it('prints an account’s login, and never where it is what the card asks for', () => {
  expect(accountCard(account, '澄溪县')).toMatchObject({ login: 'jiaoyu', asksFor: 'phone' });
  expect(accountCard({ ...account, asks_for: 'login' }, '澄溪县')).toMatchObject({ login: null, asksFor: 'login' });
});

it('says a place once', () => {
  expect(accountCard(account, '澄溪县').place).toBe('');
  expect(accountCard({ ...account, name: '县教育局办公室' }, '澄溪县').place).toBe('');
  expect(accountCard({ ...account, name: '张三', place: '澄溪县' }, '澄溪县').place).toBe('');
  expect(accountCard({ ...account, name: '张三' }, '澄溪县').place).toBe('县教育局');
});
