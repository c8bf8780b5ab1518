import { expect, it } from 'vitest';
import { ApiProblem } from '../../api/problem';
import { refusalOf } from './faults';

function refused(field: string): ApiProblem {
  const fields = [{ field, code: 'taken', message: '已用过' }];
  return new ApiProblem(422, { code: 'invalid', title: '内容有误', fields }, null);
}

it('puts a fault beside its field, and says aloud what has none', () => {
  expect(refusalOf(refused('code'), ['code'])).toEqual({ faults: { code: '已用过' }, fault: null });
  expect(refusalOf(refused('position.lon'), ['position'])).toEqual({ faults: { position: '已用过' }, fault: null });
  expect(refusalOf(refused('body'), ['code'])).toEqual({ faults: {}, fault: '已用过' });
});
