// Words of one's own notices at the desk.
import { translator } from '../../i18n/translator';

export const t = translator(
  {
    lead: '与您有关的督办、催办和领办情况；接收方式在本页下方设置。',
    none: '还没有通知。',
    read: '标为已读',
    all_read: '全部标为已读',
  },
  {
    lead: 'Orders, reminders and offers that concern you; how they reach you is set below.',
    none: 'No notices yet.',
    read: 'Mark as read',
    all_read: 'Mark all as read',
  },
);
