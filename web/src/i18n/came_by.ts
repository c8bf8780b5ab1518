// How somebody's words came to the staff who entered them for a deputy or a unit.
import type { CameBy } from '../api/wire';
import { translator } from './translator';

const t = translator(
  {
    telephone: '电话',
    paper: '书面',
    in_person: '当面',
    entered: '代录（{how}）',
    entered_by: '{name} 代录（{how}）',
    objected: '代表声明不是本人意见',
  },
  {
    telephone: 'by telephone',
    paper: 'on paper',
    in_person: 'in person',
    entered: 'Entered by staff ({how})',
    entered_by: 'Entered by {name} ({how})',
    objected: 'The deputy says these are not their words',
  },
);

export const WAYS: readonly CameBy[] = ['telephone', 'paper', 'in_person'];

export function wayWords(how: CameBy): string {
  return t(how);
}

/** The mark on whatever was entered for somebody; the desk knows by whom. */
export function enteredWords(how: CameBy, by: string | null = null): string {
  return by === null ? t('entered', { how: t(how) }) : t('entered_by', { how: t(how), name: by });
}

export function objectedWords(): string {
  return t('objected');
}
