// What may be mended of a site, as a form; and where two people's versions differ. Pure.
import type { SiteDetail } from '../../api/wire';

export interface SiteWords {
  name: string;
  address: string;
  unit: string;
  people: string;
  remarks: string;
}

export const WORDS = ['name', 'address', 'unit', 'people', 'remarks'] as const;

export function wordsOf(site: SiteDetail): SiteWords {
  return {
    name: site.name,
    address: site.address,
    unit: String(site.unit.id),
    people: site.people_served === null ? '' : String(site.people_served),
    remarks: site.remarks,
  };
}

/** What the reader would overwrite unseen: where the present version is neither what they began from nor what they write. */
export function overtaken(began: SiteWords, mine: SiteWords, theirs: SiteWords): (typeof WORDS)[number][] {
  return WORDS.filter((word) => theirs[word] !== began[word] && theirs[word] !== mine[word]);
}

/** The reader's version on top of the present one: what they did not touch follows the other person. */
export function rebased(began: SiteWords, mine: SiteWords, theirs: SiteWords): SiteWords {
  const result = { ...theirs };
  for (const word of WORDS) if (mine[word] !== began[word]) result[word] = mine[word];
  return result;
}
