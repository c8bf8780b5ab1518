// What the deputy owes this month and, in its days of grace, for the month before; and what the deputy was told: read once for all
// pages, read again after each act.
import { signedIn } from '../account/session.svelte';
import { get, post } from '../api/client';
import { Loaded } from '../api/loaded.svelte';
import { uuidV7 } from '../api/uuid';
import type { CountyView, LateMonth, NoticeView, OwedSite, OwedSites, Page } from '../api/wire';

export const owedSites = new Loaded<OwedSites>();
/** The month before, while it takes late reports. */
export const lateSites = new Loaded<OwedSites>();
export const notices = new Loaded<Page<NoticeView>>();
export const county = new Loaded<CountyView>();

export async function readOwedSites(): Promise<void> {
  await owedSites.read(() => signedIn(get<OwedSites>('/api/me/sites')));
  const late = owedSites.value?.late_month ?? null;
  if (late !== null && late.sites.length > 0)
    await lateSites.read(() => signedIn(get<OwedSites>(`/api/me/sites?month=${late.month}`)));
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
  return notices.read(() => signedIn(get<Page<NoticeView>>('/api/me/notices')));
}

export function readCounty(): Promise<void> {
  return county.read(() => get<CountyView>('/api/county'));
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
