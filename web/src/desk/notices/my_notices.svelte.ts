// The signed-in person's own notices at the desk: read once for the badge and the page, marked as read one by one or all together.
import { session, signedIn } from '../../account/session.svelte';
import { get, post } from '../../api/client';
import { Loaded } from '../../api/loaded.svelte';
import { uuidV7 } from '../../api/uuid';
import type { NoticeView, Page } from '../../api/wire';

export const myNotices = new Loaded<Page<NoticeView>>();

export function readNotices(): Promise<void> {
  const account = session.current?.account.id;
  return myNotices.read(async () => {
    const page = await signedIn(get<Page<NoticeView>>('/api/me/notices', { limit: 100 }));
    // Who signs in after somebody else sees nothing of theirs.
    return session.current?.account.id === account ? page : { items: [], next: null };
  });
}

export async function readMore(): Promise<void> {
  const before = myNotices.value;
  if (!before?.next) return;
  const cursor = before.next;
  await myNotices.read(async () => {
    const page = await signedIn(get<Page<NoticeView>>('/api/me/notices', { cursor, limit: 100 }));
    return { items: [...before.items, ...page.items], next: page.next };
  });
}

export function unreadCount(): number {
  return myNotices.value?.items.filter((notice) => notice.read_at === null).length ?? 0;
}

export async function markRead(notices: readonly NoticeView[]): Promise<void> {
  for (const notice of notices) {
    if (notice.read_at !== null) continue;
    await signedIn(post(`/api/me/notices/${notice.id}/read`, {}, { idempotencyKey: uuidV7() }));
    if (myNotices.value === null) return;
    const read_at = new Date().toISOString();
    const items = myNotices.value.items.map((item) => (item.id === notice.id ? { ...item, read_at } : item));
    myNotices.value = { ...myNotices.value, items };
  }
}
