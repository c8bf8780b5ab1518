// The sentences about one's own portrait.
import { translator } from '../../i18n/translator';

export const tpo = translator(
  {
    words: '头像显示在您领办的点位旁边，群众都能看到。',
    choose: '选择照片',
    change: '更换照片',
    remove: '删除',
    done: '头像已更新',
    removed: '头像已删除',
    not_a_picture: '这个文件不是照片，请重新选择',
  },
  {
    words: 'Your portrait is shown beside your sites, for everybody to see.',
    choose: 'Choose a picture',
    change: 'Change it',
    remove: 'Remove',
    done: 'Your portrait is up to date',
    removed: 'Your portrait is removed',
    not_a_picture: 'This file is no picture; please choose another',
  },
);
