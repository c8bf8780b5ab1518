// One line of the audit log, and its parts in words. Acts and kinds this page does not know are shown as they are written.
import { translator } from '../../i18n/translator';

export interface AuditEntry {
  id: number;
  at: string;
  account: { id: number; login: string; name: string } | null;
  actor_kind: 'account' | 'visitor' | 'schedule' | 'command';
  action: string;
  object: { kind: string; id: string };
  outcome: 'done' | 'refused';
  address: string;
  detail: Record<string, unknown> | null;
}

const ACTIONS_ZH = {
  'session.open': '登录',
  'session.close': '退出登录',
  'session.end': '结束登录',
  'report.accept': '反馈收到',
  'report.amend': '反馈修改',
  'report.return': '退回反馈',
  'reminder.send': '催办',
  'site.strike_off': '销号',
  'site.reopen': '撤销销号',
  'site.correct': '更正状态',
  'import.preview': '上传预览',
  'import.confirm': '确认导入',
  'import.undo': '撤销导入',
  'account.create': '新建账户',
  'account.disable': '停用账户',
  'account.enable': '启用账户',
  'account.set_password': '重置密码',
  'month.close': '月度截止',
  'month.finalize': '月度定稿',
} as const;

type ActionName = keyof typeof ACTIONS_ZH;

const ACTIONS_EN: Record<ActionName, string> = {
  'session.open': 'Signed in',
  'session.close': 'Signed out',
  'session.end': 'Ended a sign-in',
  'report.accept': 'Report received',
  'report.amend': 'Report amended',
  'report.return': 'Report returned',
  'reminder.send': 'Reminded',
  'site.strike_off': 'Struck off',
  'site.reopen': 'Reopened',
  'site.correct': 'Stage corrected',
  'import.preview': 'File uploaded',
  'import.confirm': 'Import confirmed',
  'import.undo': 'Import undone',
  'account.create': 'Account created',
  'account.disable': 'Account disabled',
  'account.enable': 'Account enabled',
  'account.set_password': 'Password reset',
  'month.close': 'Month closed',
  'month.finalize': 'Month final',
};

const KINDS_ZH = {
  site: '点位',
  report: '反馈',
  account: '账户',
  session: '登录',
  import: '导入',
  month: '月份',
  visitor: '未登录',
  schedule: '定时任务',
  command: '命令行',
} as const;

type KindName = keyof typeof KINDS_ZH;

const KINDS_EN: Record<KindName, string> = {
  site: 'Site',
  report: 'Report',
  account: 'Account',
  session: 'Sign-in',
  import: 'Import',
  month: 'Month',
  visitor: 'Not signed in',
  schedule: 'Schedule',
  command: 'Command line',
};

const actions = translator<ActionName>(ACTIONS_ZH, ACTIONS_EN);
const kinds = translator<KindName>(KINDS_ZH, KINDS_EN);

/** The acts one can filter by. */
export const ACTIONS = Object.keys(ACTIONS_ZH) as ActionName[];

export function actionName(action: string): string {
  return action in ACTIONS_ZH ? actions(action as ActionName) : action;
}

export function objectName(entry: Pick<AuditEntry, 'object'>): string {
  return `${kindName(entry.object.kind)} ${entry.object.id}`.trim();
}

export function actorName(entry: Pick<AuditEntry, 'account' | 'actor_kind'>): string {
  return entry.account ? `${entry.account.name}（${entry.account.login}）` : kindName(entry.actor_kind);
}

function kindName(kind: string): string {
  return kind in KINDS_ZH ? kinds(kind as KindName) : kind;
}
