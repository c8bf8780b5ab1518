// The words of an order's letter. It is an official document: Chinese whatever language the desk is read in.
import type { OrderView } from '../../api/wire';

export const letter = {
  title: '督办单',
  body: '现就你单位承办的下列民生实事项目点位督办如下：',
  code: '点位编号',
  site: '点位名称',
  region: '镇街',
  stage: '发出时状态',
  seal: '（盖章）',
  copy: '抄送：各点位领办代表',
  ask: (day: string) => `请于${day}前将办理情况书面答复我单位。`,
} as const;

const STAGES = { not_started: '未开始', in_progress: '进行中', completed: '已完成' } as const;

/** A calendar date as letters write it, without spaces: 2026年11月2日. */
export function letterDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** In whose name the letter is: the county's standing committee or a township's working committee. */
export function officeOf(region: OrderView['region']): string {
  return `${region.name}${region.code.length > 6 ? '人大工作委员会' : '人民代表大会常务委员会'}`;
}

export function stageOf(stage: OrderView['sites'][number]['issued_stage']): string {
  return stage ? STAGES[stage] : '—';
}
