/** Notices that told many people the same at the same moment, put together, so that one offer to a township does not fill a site's file. */
import type { SiteFile } from '../../api/wire';

type SentNotice = SiteFile['notices'][number];
type Way = SentNotice['ways'][number];

export interface SentGroup {
  first: SentNotice;
  all: SentNotice[];
  /** Those who have read it in the app. */
  read: number;
  /** How many messages of each way stand how. */
  ways: { channel: Way['channel']; state: Way['state']; count: number }[];
}

/** Groups in the order of their first notice; what was told to one person is a group of one. */
export function groupsOf(notices: readonly SentNotice[]): SentGroup[] {
  const groups = new Map<string, SentNotice[]>();
  for (const notice of notices) {
    const key = JSON.stringify([notice.kind, notice.words, notice.created_at, notice.undo, notice.taken_back_at]);
    const group = groups.get(key);
    if (group) group.push(notice);
    else groups.set(key, [notice]);
  }
  return [...groups.values()].flatMap((all) => {
    const first = all[0];
    return first
      ? [{ first, all, read: all.filter((notice) => notice.read_at !== null).length, ways: waysOf(all) }]
      : [];
  });
}

function waysOf(notices: readonly SentNotice[]): SentGroup['ways'] {
  const counts = new Map<string, SentGroup['ways'][number]>();
  for (const { channel, state } of notices.flatMap((notice) => notice.ways)) {
    const key = `${channel} ${state}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { channel, state, count: 1 });
  }
  return [...counts.values()];
}
