// Invitations as they are printed: a deputy's and an account's card differ in what stands on them and in what they ask for. Pure.
import type { AccountCard, InvitationCard } from '../../api/wire';

export interface PrintedCard {
  id: number;
  kind: 'deputy' | 'account';
  name: string;
  /** The line below the name; empty where it would say the same again. */
  place: string;
  /** Printed only where the card asks for something else. */
  login: string | null;
  asksFor: 'phone' | 'login';
  expires_at: string;
  link: string | null;
  qr: { side: number; path: string } | null;
}

export function deputyCard(card: InvitationCard): PrintedCard {
  const { id, name, expires_at, link, qr } = card;
  const place = `${card.constituency || card.region}${card.station ? ` · ${card.station}` : ''}`;
  return { id, kind: 'deputy', name, place, login: null, asksFor: 'phone', expires_at, link, qr };
}

export function accountCard(card: AccountCard, county: string): PrintedCard {
  const { id, name, expires_at, link, qr, asks_for: asksFor } = card;
  const place = name.includes(card.place) || card.place === county ? '' : card.place;
  const login = asksFor === 'login' ? null : card.login;
  return { id, kind: 'account', name, place, login, asksFor, expires_at, link, qr };
}
