// Distances on the desk: metres below a kilometre, kilometres above.
import { t } from './texts';

/** 86 → "86 米", 2310 → "2.3 公里". */
export function distanceWords(metres: number): string {
  if (metres < 1000) return t('distance.metres', { count: Math.round(metres) });
  return t('distance.kilometres', { count: (metres / 1000).toFixed(metres < 10_000 ? 1 : 0) });
}
