// What the deputy owes this month and, in its days of grace, for the month before; and what the deputy was told: read once for all
// pages, read again after each act, and kept on the phone for the time without network.
import { session, signedIn } from '../account/session.svelte';
import { get, post } from '../api/client';
import { Loaded } from '../api/loaded.svelte';
import { uuidV7 } from '../api/uuid';
import type { CountyView, LateMonth, NoticeView, OfferedSite, OwedSite, OwedSites, Page } from '../api/wire';
import { findAnswer, keepAnswer } from './draft_store';
import { fetchGuides } from './report/guides';

export const owedSites = new Loaded<OwedSites>();
/** The month before, while it takes late reports. */
export const lateSites = new Loaded<OwedSites>();
export const notices = new Loaded<Page<NoticeView>>();
/** Sites that may be adopted. */
export const offers = new Loaded<Page<OfferedSite>>();
export const county = new Loaded<CountyView>();

/** From when the kept answer is that the pages show; null when it came from the server just now. */
let kept = $state<Date | null>(null);

export function keptAt(): Date | null {
  return kept;
}

/** Reads an answer and keeps it for the account. */
async function reading<Value>(name: string, loaded: Loaded<Value>, call: () => Promise<Value>): Promise<void> {
  const account = session.current?.account.id;
  await loaded.read(call);
  // What arrives when the account has signed out meanwhile is not kept.
  const isThere = account !== undefined && session.current?.account.id === account;
  if (loaded.fault === null && loaded.value !== null && isThere) await keepAnswer(account, name, loaded.value);
}

/** Shows what was read for the account before, until it is read again. */
export async function takeUpKept(account: number): Promise<void> {
  const take = async <Value>(name: string, loaded: Loaded<Value>): Promise<number | null> => {
    const answer = await findAnswer<Value>(account, name);
    if (answer === null || loaded.value !== null || session.current?.account.id !== account) return null;
    loaded.value = answer.value;
    return answer.at;
  };
  const [at] = await Promise.all([
    take('owed', owedSites),
    take('late', lateSites),
    take('notices', notices),
    take('county', county),
    take('offers', offers),
  ]);
  if (at !== null) kept = new Date(at);
}

export async function readOwedSites(): Promise<void> {
  await reading('owed', owedSites, () => signedIn(get<OwedSites>('/api/me/sites')));
  if (owedSites.fault === null) {
    kept = null;
    void fetchGuides(owedSites.value?.items ?? []);
  }
  const late = owedSites.value?.late_month ?? null;
  if (late !== null && late.sites.length > 0)
    await reading('late', lateSites, () => signedIn(get<OwedSites>(`/api/me/sites?month=${late.month}`)));
}

/** The month before, while a report of it is still owed for this site. */
export function lateMonthOf(siteId: number): LateMonth | null {
  const late = owedSites.value?.late_month ?? null;
  return late?.sites.includes(siteId) ? late : null;
}

/** The sites of the month before for which a late report is still owed. */
export function stillOwed(): OwedSite[] {
  const late = owedSites.value?.late_month ?? null;
  if (late === null || lateSites.value?.month !== late.month) return [];
  return lateSites.value.items.filter(({ site }) => late.sites.includes(site.id));
}

export function readNotices(): Promise<void> {
  return reading('notices', notices, () => signedIn(get<Page<NoticeView>>('/api/me/notices')));
}

export function readOffers(): Promise<void> {
  return reading('offers', offers, () => signedIn(get<Page<OfferedSite>>('/api/me/offers')));
}

export function readCounty(): Promise<void> {
  return reading('county', county, () => get<CountyView>('/api/county'));
}

/** Marks a notice as read, here at once and on the server. */
export async function markRead(notice: NoticeView): Promise<void> {
  if (notice.read_at !== null || notices.value === null) return;
  await signedIn(post(`/api/me/notices/${notice.id}/read`, {}, { idempotencyKey: uuidV7() }));
  const read_at = new Date().toISOString();
  const items = notices.value.items.map((item) => (item.id === notice.id ? { ...item, read_at } : item));
  notices.value = { ...notices.value, items };
}

export function unreadCount(): number {
  return notices.value?.items.filter((notice) => notice.read_at === null).length ?? 0;
}

/** How things stand with a site for a month, the open one when none is named. */
export function findOwed(siteId: number, month?: string): OwedSite | null {
  const late = month !== undefined && month === lateMonthOf(siteId)?.month;
  const items = late ? stillOwed() : owedSites.value?.items;
  return items?.find((owed) => owed.site.id === siteId) ?? null;
}
