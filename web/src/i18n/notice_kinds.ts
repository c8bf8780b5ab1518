// What each kind of notice is called, wherever it is named: told to its person, chosen in the settings, listed on the desk.
import type { NoticeKind } from '../api/wire';
import { translator } from './translator';

const zh: Record<NoticeKind, string> = {
  reminder: '催办提醒',
  report_returned: '反馈被退回',
  report_missing: '缺报提醒',
  stage_corrected: '状态更正',
  struck_off: '点位销号',
  reopened: '撤销销号',
  plan_changed: '计划调整',
  order_issued: '督办单送达',
  order_copied: '抄送督办单',
  order_reminded: '督办到期提醒',
  order_raised: '督办升级',
  order_answered: '督办单已答复',
  order_accepted: '督办单办结',
  order_sent_back: '督办答复被退回',
  order_withdrawn: '督办单撤回或终止',
  handed_over: '点位移交',
  report_entered: '人大代录反馈',
  report_objected: '代表声明代录有误',
  order_answered_for: '人大代录督办答复',
  site_assigned: '安排领办',
  site_taken: '领办安排有调整',
  strike_off_proposed: '销号等待确认',
  strike_off_refused: '销号未获同意',
  site_offered: '有点位开放领办',
  offer_unanswered: '开放领办的点位无人领办',
  contest_answered: '积分异议已答复',
};

const en: Record<NoticeKind, string> = {
  reminder: 'Reminder',
  report_returned: 'Report returned',
  report_missing: 'Report missing',
  stage_corrected: 'Stage corrected',
  struck_off: 'Site struck off',
  reopened: 'Site opened again',
  plan_changed: 'Plan changed',
  order_issued: 'Order issued',
  order_copied: 'Copy of an order',
  order_reminded: 'Order due soon',
  order_raised: 'Order raised',
  order_answered: 'Order answered',
  order_accepted: 'Order settled',
  order_sent_back: 'Answer sent back',
  order_withdrawn: 'Order withdrawn',
  handed_over: 'Site handed over',
  report_entered: 'Report entered by staff',
  report_objected: 'Deputy takes back what was entered',
  order_answered_for: 'Answer entered by staff',
  site_assigned: 'Site assigned',
  site_taken: 'Site no longer yours',
  strike_off_proposed: 'Strike-off to be confirmed',
  strike_off_refused: 'Strike-off refused',
  site_offered: 'A site is open for adoption',
  offer_unanswered: 'An offered site found nobody',
  contest_answered: 'Contest answered',
};

/** The name of a kind of notice in the reader's language. */
export const kindName = translator(zh, en);

/** Every kind, in the order in which lists show them. */
export const NOTICE_KINDS = Object.keys(zh) as NoticeKind[];
