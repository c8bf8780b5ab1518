// What else was reported on the site for the month, as far as the author of a report should know of it: another deputy who saw it otherwise,
// another version of their own.
import { signedIn } from '../../account/session.svelte';
import { get } from '../../api/client';
import type { Page, ReportReceipt, ReportView } from '../../api/wire';
import { t as shared } from '../../i18n/shared';
import { t } from '../outbox/texts';

/** The reports of the receipt's month on the site; none when they cannot be read. */
export async function findBeside(siteId: number, { month }: ReportReceipt): Promise<ReportView[]> {
  try {
    const { items } = await signedIn(get<Page<ReportView>>(`/api/sites/${siteId}/reports`, { limit: 50 }));
    return items.filter((report) => report.month === month);
  } catch {
    return [];
  }
}

/** Sentences about what stands beside the report, the most important first. `amends`: the version its author knew of, which is no news. */
export function wordsBeside(reports: readonly ReportView[], receipt: ReportReceipt, amends: string | null): string[] {
  const own = reports.find(({ id }) => id === receipt.id);
  const words: string[] = [];
  if (own?.state === 'amended') words.push(t('disagree.superseded'));
  else if (receipt.version > 1 && amends === null) words.push(t('disagree.replaced', { version: receipt.version }));
  for (const { deputy, stage, state } of reports)
    if (own && deputy.id !== own.deputy.id && state === 'standing' && stage !== receipt.stage)
      words.push(t('disagree.other', { name: deputy.name, stage: shared(`stage.${stage}`) }));
  return words;
}
