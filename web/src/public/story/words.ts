// Sentences put together from a story's parts: who acted, how far away, what a photograph shows.
import type { Office } from '../../api/wire';
import { monthWords } from '../../i18n/dates';
import { t } from '../../i18n/shared';
import type { Shot } from './shots';
import { ts } from './texts';

/** 清溪县人大常委会, 清溪镇人大工委; null when nobody of the committee did it. */
export function officeWords(office: Office | null): string | null {
  if (office?.role === 'committee') return ts('office.committee', { region: office.region });
  if (office?.role === 'working_committee') return ts('office.working_committee', { region: office.region });
  return null;
}

export function distanceWords(metres: number): string {
  if (metres < 1000) return ts('distance.m', { metres: Math.round(metres / 10) * 10 });
  return ts('distance.km', { km: (metres / 1000).toFixed(1) });
}

/** What a photograph shows, for whoever cannot see it. */
export function shotWords({ report, at }: Shot): string {
  const stage = t(`stage.${report.stage}`);
  return ts('photo.words', {
    month: monthWords(report.month),
    stage,
    percent: report.percent,
    name: report.deputy.name,
    at,
  });
}
