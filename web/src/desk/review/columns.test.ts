import { expect, test } from 'vitest';
import { columnsOf, USUAL_COLUMNS } from './columns';

test('columns keep their order, whatever order they were named in', () => {
  expect(columnsOf(['people', 'stage', 'weather'])).toEqual(['stage', 'people']);
});

test('a list without any column shows the usual ones', () => {
  expect(columnsOf([])).toEqual(USUAL_COLUMNS);
  expect(columnsOf(['weather'])).toEqual(USUAL_COLUMNS);
});
