// Words about personal numbers in what will be public.
import { translator } from '../i18n/translator';

export const t = translator(
  {
    must_go: '这些内容会公开，请去掉其中的手机号码或身份证号，否则不能提交。',
    perhaps: '这些内容会公开，里面像有电话或车牌号码；如属个人，请去掉。',
  },
  {
    must_go: 'Everybody will read this: take the telephone or identity number out, or it will not be taken.',
    perhaps:
      'Everybody will read this, and something in it looks like a telephone or plate number. If it is a person’s, take it out.',
  },
);
