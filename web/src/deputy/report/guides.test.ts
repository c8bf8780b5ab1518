import { expect, it } from 'vitest';
import type { OwedSite } from '../../api/wire';
import { guidesFor } from './guides';

const photo = (name: string, missing = false) => ({ thumbnail_url: `/photos/${name}/thumbnail`, missing });
const owed = (state: string, photos: ReturnType<typeof photo>[] | null) =>
  ({ state, previous: photos && { photos } }) as unknown as OwedSite;

it('names two views of each site still to be reported on, each once', () => {
  expect(
    guidesFor([
      owed('owed', [photo('a', true), photo('b'), photo('c'), photo('d')]),
      owed('returned', [photo('b'), photo('e')]),
      owed('reported', [photo('f')]),
      owed('struck_off', [photo('g')]),
      owed('owed', null),
    ]),
  ).toEqual(['/photos/b/thumbnail', '/photos/c/thumbnail', '/photos/e/thumbnail']);
});

it('asks for no more than a bad line carries', () => {
  const many = Array.from({ length: 90 }, (_, site) => owed('owed', [photo(`${site}`)]));
  expect(guidesFor(many)).toHaveLength(60);
});
