// The sentences of the figures, and the words whose meaning is one tap away.
import { translator } from '../../i18n/translator';

export const tf = translator(
  {
    title: '进展',
    'row.sites': '{count} 处',
  },
  {
    title: 'Progress',
    'row.sites': '{count} sites',
  },
);
