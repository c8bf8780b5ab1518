// What the deputy owes this month and what the deputy was told: read once for all pages, read again after each act.
import { signedIn } from '../account/session.svelte';
import { get, post } from '../api/client';
import { Loaded } from '../api/loaded.svelte';
import { uuidV7 } from '../api/uuid';
import type { CountyView, NoticeView, OwedSite, OwedSites, Page } from '../api/wire';

export const owedSites = new Loaded<OwedSites>();
export const notices = new Loaded<Page<NoticeView>>();
export const county = new Loaded<CountyView>();

export function readOwedSites(): Promise<void> {
  return owedSites.read(() => signedIn(get<OwedSites>('/api/me/sites')));
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

export function findOwed(siteId: number): OwedSite | null {
  return owedSites.value?.items.find((owed) => owed.site.id === siteId) ?? null;
}
