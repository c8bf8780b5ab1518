// How a message stands, in words: when it was delivered, or why it was not, with the code for whoever looks after the system.
import type { Channel, DeliveryState } from '../../api/wire';
import { momentWords } from '../../i18n/dates';
import { t } from './texts';

export interface Standing {
  channel: Channel;
  state: DeliveryState;
  attempts: number;
  fault: string | null;
  /** When it was settled; while it waits, when it is tried next. */
  at: string;
}

type FaultGroup =
  | 'nobody'
  | 'refused'
  | 'busy'
  | 'unreachable'
  | 'sign_in'
  | 'too_old'
  | 'robot'
  | 'taken_back'
  | 'other';

const GROUPS: readonly [RegExp, FaultGroup][] = [
  [/^smtp_(53\d)$/, 'sign_in'],
  [/^(smtp_5\d\d|address_unreadable)$/, 'nobody'],
  [/^(smtp_4\d\d|http_(408|425|429|5\d\d)|robot_(1|45009|130101|130102))$/, 'busy'],
  [/_(unreachable|timeout|broken|tls)$/, 'unreachable'],
  [/^http_[34]\d\d$/, 'refused'],
  [/^robot_/, 'robot'],
  [/^too_old$/, 'too_old'],
  [/^taken_back$/, 'taken_back'],
];

/** Which sentence explains the code of a fault. */
export function faultGroup(code: string): FaultGroup {
  return GROUPS.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

function faultWords(code: string | null): string {
  return code === null ? t('fault.other') : `${t(`fault.${faultGroup(code)}`)} ${code}`;
}

export function standing({ state, attempts, fault, at }: Standing): string {
  const time = momentWords(at);
  if (state === 'delivered') return t('delivered', { time });
  if (state === 'dead') return t('dead', { time, attempts, fault: faultWords(fault) });
  if (state === 'dropped') return t('dropped');
  return attempts === 0 ? t('waiting') : t('waiting_again', { attempts, time, fault: faultWords(fault) });
}

export function markOf(state: DeliveryState): 'good' | 'overdue' | 'plain' {
  if (state === 'delivered') return 'good';
  return state === 'dead' ? 'overdue' : 'plain';
}
