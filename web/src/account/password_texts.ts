// The rules of a new password in words.
import { translator } from '../i18n/translator';

export const tw = translator(
  {
    title: '填写要求',
    length: '至少 {count} 个字符（一个汉字也算一个）',
    'length.lacks': '还差 {count} 个',
    'length.over': '最多 {count} 个',
    kinds: '小写字母、大写字母、数字、其他字符（如汉字、标点）中至少 {count} 种',
    'kinds.has': '已有 {count} 种',
    own: '不能主要由账号、姓名、手机号、本县名称、年份、连号或常见词（如 woaini1314）拼成',
    'own.found': '含有账号或姓名',
    not_again: '不能是最近 {count} 次用过的密码',
    lasts: '有效期 {count} 天，到期登录时须更换',
    met: '已满足',
    unmet: '未满足',
    standing: '密码要求：可在此核对的 {all} 条已满足 {met} 条',
  },
  {
    title: 'Requirements',
    length: 'At least {count} characters',
    'length.lacks': '{count} to go',
    'length.over': '{count} at most',
    kinds: 'At least {count} kinds of: small letters, capitals, digits, others',
    'kinds.has': '{count} so far',
    own: 'Not mainly made of the login, name, phone number, county, years, runs of keys or common words (such as iloveyou123)',
    'own.found': 'it holds the login or name',
    not_again: 'None of the last {count} passwords',
    lasts: 'It lasts {count} days; then another is asked for at sign-in',
    met: 'met',
    unmet: 'not met yet',
    standing: 'Password rules: {met} of the {all} that can be checked here are met',
  },
);
