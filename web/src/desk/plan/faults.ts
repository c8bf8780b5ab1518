// What a form shows after the server refused it: words beside the fields it has, and one sentence for the rest.
import { ApiProblem, problemWords } from '../../api/problem';

export interface Refusal {
  faults: Record<string, string>;
  /** What belongs to no field of the form. */
  fault: string | null;
}

export function refusalOf(thrown: unknown, fields: readonly string[]): Refusal {
  if (!(thrown instanceof ApiProblem) || thrown.fields.length === 0) return { faults: {}, fault: problemWords(thrown) };
  const faults: Record<string, string> = {};
  const others: string[] = [];
  for (const each of thrown.fields) {
    const name = each.field.split('.')[0] ?? '';
    if (fields.includes(name)) faults[name] = each.message;
    else others.push(each.message);
  }
  return { faults, fault: others.length > 0 ? others.join(' ') : null };
}
