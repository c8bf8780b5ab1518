// Words of taking a list out of the desk as a file.
import { translator } from '../../i18n/translator';

export const t = translator(
  {
    take: '导出',
    title: '导出：{what}',
    lead: '文件里写明谁在什么时间、为了什么导出，审计日志里也有一条；含代表姓名的文件只作内部使用。',
    format: '格式',
    reason: '用途',
    reason_hint: '如“主任会议材料”，会写在文件里',
    confirm: '导出文件',
    done: '已导出 {rows} 行',
  },
  {
    take: 'Export',
    title: 'Export: {what}',
    lead: 'The file says who took it out, when and what for, and so does the audit log; files with names are for internal use.',
    format: 'Format',
    reason: 'What for',
    reason_hint: 'Such as “for the chairmen’s meeting”; it stands in the file',
    confirm: 'Export the file',
    done: '{rows} rows exported',
  },
);
