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
  'session.begin': '登录',
  'session.end': '退出登录',
  'access.refuse': '越权被拒',
  'report.accept': '反馈收到',
  'photo.store': '照片收到',
  'report.return': '退回反馈',
  'site.remind': '催办',
  'site.strike_off': '销号',
  'site.reopen': '撤销销号',
  'site.correct': '更正状态',
  'site.change_plan': '调整计划',
  'report.enter': '代录反馈',
  'report.object': '代表声明不是本人意见',
  'order.answer_for_unit': '代录督办答复',
  'site.propose_strike_off': '提出销号',
  'site.confirm_strike_off': '确认销号',
  'site.withdraw_strike_off': '撤回或不同意销号',
  'site.set_key': '设定重点点位',
  'site.reassign': '调整领办',
  'finding.dismiss': '忽略发现',
  'finding.take_up': '恢复发现',
  'deputy.set_portrait': '更换头像',
  'deputy.remove_portrait': '移除头像',
  'account.save_views': '保存视图',
  'order.issue': '发出督办单',
  'order.answer': '答复督办单',
  'order.accept': '督办单办结',
  'order.send_back': '退回督办答复',
  'order.remind': '督办到期提醒',
  'order.raise': '督办升级',
  'import.prepare': '上传文件',
  'import.confirm': '确认导入',
  'import.undo': '撤销导入',
  'account.create': '新建账号',
  'account.confirm': '确认账号',
  'account.refuse': '不予确认账号',
  'account.change_password': '修改自己的密码',
  'account.open_locks': '解除登录限制',
  'session.end_others': '退出其他设备',
  'second_factor.begin': '开始两步验证',
  'second_factor.set': '开启两步验证',
  'second_factor.remove': '关闭两步验证',
  'second_factor.reset': '重置两步验证',
  'second_factor.recover': '使用恢复码',
  'audit.export': '导出审计日志',
  'invitation.make': '生成邀请',
  'invitation.revoke': '撤回邀请',
  'invitation.use': '使用邀请',
  'deputy.set_phone': '更改代表手机号码',
  'deputy.view_phone': '查看代表完整手机号码',
  'password_code.send': '发送短信验证码',
  'password_code.use': '用验证码重设密码',
  'account.disable': '停用账号',
  'account.enable': '启用账号',
  'account.set_password': '重置密码',
  'month.remind': '月末提醒',
  'month.close': '月度截止',
  'month.finalise': '月度定稿',
  'county.create': '建立县区',
} as const;

type ActionName = keyof typeof ACTIONS_ZH;

const ACTIONS_EN: Record<ActionName, string> = {
  'session.begin': 'Signed in',
  'session.end': 'Signed out',
  'access.refuse': 'Refused for lack of rights',
  'report.accept': 'Report received',
  'photo.store': 'Photograph received',
  'report.return': 'Report returned',
  'site.remind': 'Reminded',
  'site.strike_off': 'Struck off',
  'site.reopen': 'Reopened',
  'site.correct': 'Stage corrected',
  'site.change_plan': 'Plan changed',
  'report.enter': 'Report entered for a deputy',
  'report.object': 'Deputy took back an entered report',
  'order.answer_for_unit': 'Answer entered for a unit',
  'site.propose_strike_off': 'Strike-off proposed',
  'site.confirm_strike_off': 'Strike-off confirmed',
  'site.withdraw_strike_off': 'Strike-off taken back or refused',
  'site.set_key': 'Key site set',
  'site.reassign': 'Adopters changed',
  'finding.dismiss': 'Finding put aside',
  'finding.take_up': 'Finding taken up again',
  'deputy.set_portrait': 'Portrait changed',
  'deputy.remove_portrait': 'Portrait removed',
  'account.save_views': 'Views saved',
  'order.issue': 'Order issued',
  'order.answer': 'Order answered',
  'order.accept': 'Order settled',
  'order.send_back': 'Answer sent back',
  'order.remind': 'Order reminded',
  'order.raise': 'Order raised',
  'import.prepare': 'File uploaded',
  'import.confirm': 'Import confirmed',
  'import.undo': 'Import undone',
  'account.create': 'Account created',
  'account.confirm': 'Account confirmed',
  'account.refuse': 'Account not confirmed',
  'account.change_password': 'Own password changed',
  'account.open_locks': 'Sign-in locks opened',
  'session.end_others': 'Other devices signed out',
  'second_factor.begin': 'Second factor begun',
  'second_factor.set': 'Second factor on',
  'second_factor.remove': 'Second factor off',
  'second_factor.reset': 'Second factor reset',
  'second_factor.recover': 'Recovery code used',
  'audit.export': 'Audit log exported',
  'invitation.make': 'Invitation made',
  'invitation.revoke': 'Invitation revoked',
  'invitation.use': 'Invitation used',
  'deputy.set_phone': 'Deputy’s number changed',
  'deputy.view_phone': 'Deputy’s whole number looked at',
  'password_code.send': 'Code sent',
  'password_code.use': 'Password set by code',
  'account.disable': 'Account disabled',
  'account.enable': 'Account enabled',
  'account.set_password': 'Password reset',
  'month.remind': 'Month-end reminder',
  'month.close': 'Month closed',
  'month.finalise': 'Month final',
  'county.create': 'County created',
};

const KINDS_ZH = {
  site: '点位',
  order: '督办单',
  report: '反馈',
  review: '监督清单',
  deputy: '代表',
  photo: '照片',
  account: '账号',
  session: '登录',
  import: '导入',
  reporting_month: '报告月',
  county: '县区',
  route: '地址',
  login: '账号',
  audit: '审计日志',
  visitor: '未登录',
  schedule: '定时任务',
  command: '命令行',
} as const;

type KindName = keyof typeof KINDS_ZH;

const KINDS_EN: Record<KindName, string> = {
  site: 'Site',
  order: 'Order',
  report: 'Report',
  review: 'Review list',
  deputy: 'Deputy',
  photo: 'Photograph',
  account: 'Account',
  session: 'Sign-in',
  import: 'Import',
  reporting_month: 'Month',
  county: 'County',
  route: 'Address',
  login: 'Login',
  audit: 'Audit log',
  visitor: 'Not signed in',
  schedule: 'Schedule',
  command: 'Command line',
};

const actions = translator<ActionName>(ACTIONS_ZH, ACTIONS_EN);
const kinds = translator<KindName>(KINDS_ZH, KINDS_EN);

/** Ids beyond this length (hashes, UUIDs) are told by their beginning. */
const LONGEST_ID = 13;

/** The acts one can filter by. */
export const ACTIONS = Object.keys(ACTIONS_ZH) as ActionName[];

/** The kinds of things one can filter by; nobody's acts are on a visitor. */
export const KINDS = (Object.keys(KINDS_ZH) as KindName[]).filter(
  (kind) => !['visitor', 'schedule', 'command'].includes(kind),
);

export function actionName(action: string): string {
  return action in ACTIONS_ZH ? actions(action as ActionName) : action;
}

export function objectName(entry: Pick<AuditEntry, 'object'>): string {
  const { kind, id } = entry.object;
  return `${kindName(kind)} ${id.length > LONGEST_ID ? `${id.slice(0, LONGEST_ID)}…` : id}`.trim();
}

export function actorName(entry: Pick<AuditEntry, 'account' | 'actor_kind'>): string {
  return entry.account ? `${entry.account.name}（${entry.account.login}）` : kindName(entry.actor_kind);
}

export function kindName(kind: string): string {
  return kind in KINDS_ZH ? kinds(kind as KindName) : kind;
}
