// Words of changing an account's name and rights.
import { translator } from '../../i18n/translator';

export const tc = translator(
  {
    open: '修改',
    title: '修改姓名和权限：{name}',
    ends: '保存后，{name} 立即退出所有设备，按新权限重新登录；原有权限同时终止，已办事项的记录不变。',
    save: '保存修改',
    done: '{name} 的权限已修改，须重新登录',
    done_waits: '{name} 的权限已修改，等待安全管理员确认后可以登录',
    renamed: '姓名已改为 {name}',
  },
  {
    open: 'Change',
    title: 'Change name and rights: {name}',
    ends: 'Once saved, {name} is signed out everywhere and signs in anew with the new rights; former rights end, and the record of what was done stays.',
    save: 'Save the change',
    done: 'The rights of {name} are changed; they sign in anew',
    done_waits: 'The rights of {name} are changed; the account waits for the security administrator',
    renamed: 'The name is now {name}',
  },
);
