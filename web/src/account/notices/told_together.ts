/** Notices that one act wrote to one person, as one entry: the same kind, moment and words about several sites. Pure. */
import type { NoticeView } from '../../api/wire';

type Told = Pick<NoticeView, 'id' | 'kind' | 'words' | 'created_at' | 'read_at' | 'site' | 'order'>;

export interface Together<Notice extends Told = NoticeView> {
  first: Notice;
  all: Notice[];
  unread: Notice[];
}

/** The notices in their order; what was told together stands where its first stands. */
export function toldTogether<Notice extends Told>(notices: readonly Notice[]): Together<Notice>[] {
  const groups = new Map<string, Notice[]>();
  for (const notice of notices) {
    const alone = !notice.site || notice.order;
    const key = alone ? notice.id : `${notice.kind} ${notice.created_at} ${notice.words}`;
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  return [...groups.values()].flatMap((all) => {
    const [first] = all;
    return first ? [{ first, all, unread: all.filter((notice) => notice.read_at === null) }] : [];
  });
}
