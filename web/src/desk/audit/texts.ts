// Words of the auditor's page: filters, export, and what the details of a line are called.
import { translator } from '../../i18n/translator';

const ZH = {
  person: '操作人（姓名或账号）',
  object_kind: '对象类别',
  object_id: '对象编号',
  outcome: '结果',
  address: '来源地址（开头）',
  from: '起始日期',
  to: '截止日期',
  clear: '清除条件',
  'detail.reason': '理由',
  'detail.words': '内容',
  'detail.note': '备注',
  'detail.login': '账号',
  'detail.roles': '角色',
  'detail.from': '原来',
  'detail.to': '现在',
  'detail.by': '方式',
  'detail.left': '剩余',
  'detail.lines': '行数',
  'detail.filters': '条件',
  'detail.ended': '退出设备数',
  'detail.opened': '解除数',
  'detail.awaits_confirmation': '等待确认',
  'detail.held': '原已开启',
  'detail.count': '数量',
  'detail.site_ids': '点位',
  'detail.invitation': '邀请',
  'detail.days': '有效天数',
  'detail.again': '重设密码',
  'detail.asks_for': '须核对',
  'detail.with_password': '带初始密码',
  'asks_for.phone': '手机号码',
  'asks_for.login': '账号名',
  'by.address': '不在办公网络',
  'by.code': '验证码错误',
  'by.password': '密码错误',
  'by.confirmation': '账号等待确认',
  'by.sign_in': '登录时',
  yes: '是',
  no: '否',
} as const;

type Key = keyof typeof ZH;

const EN: Record<Key, string> = {
  person: 'Who (name or login)',
  object_kind: 'Kind of thing',
  object_id: 'Number of the thing',
  outcome: 'Result',
  address: 'Address begins with',
  from: 'First day',
  to: 'Last day',
  clear: 'Clear',
  'detail.reason': 'Reason',
  'detail.words': 'Words',
  'detail.note': 'Note',
  'detail.login': 'Login',
  'detail.roles': 'Roles',
  'detail.from': 'Before',
  'detail.to': 'After',
  'detail.by': 'By',
  'detail.left': 'Left',
  'detail.lines': 'Lines',
  'detail.filters': 'Filters',
  'detail.ended': 'Devices signed out',
  'detail.opened': 'Opened',
  'detail.awaits_confirmation': 'To be confirmed',
  'detail.held': 'Was on',
  'detail.count': 'Count',
  'detail.site_ids': 'Sites',
  'detail.invitation': 'Invitation',
  'detail.days': 'Days it counts',
  'detail.again': 'Password set anew',
  'detail.asks_for': 'Asks for',
  'detail.with_password': 'With a first password',
  'asks_for.phone': 'telephone number',
  'asks_for.login': 'login',
  'by.address': 'outside of the office networks',
  'by.code': 'wrong code',
  'by.password': 'wrong password',
  'by.confirmation': 'account not confirmed',
  'by.sign_in': 'while signing in',
  yes: 'yes',
  no: 'no',
};

export const t = translator<Key>(ZH, EN);

/** What a detail is called; one this page does not know goes by its own name. */
export function detailName(name: string): string {
  const key = `detail.${name}`;
  return key in ZH ? t(key as Key) : name;
}

/** What a detail says: words, lists and figures as they are read, not as they are stored. */
export function detailWords(name: string, value: unknown): string {
  if (value === null || value === '') return '—';
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (Array.isArray(value)) return value.map((each) => detailWords('', each)).join('、') || '—';
  if (typeof value === 'object') {
    const known = Object.entries(value).filter(([, each]) => each !== null);
    return known.map(([part, each]) => `${detailName(part)}：${detailWords(part, each)}`).join('；') || '—';
  }
  const key = `${name}.${String(value)}`;
  return key in ZH ? t(key as Key) : String(value);
}
