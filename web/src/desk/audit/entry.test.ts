import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ACTIONS, actionName, KINDS, kindName } from './entry';

// The file that the auditor takes out has the server's words, the page has these.
const words = readFileSync(`${import.meta.dirname}/../../../../server/src/audit_log/words.rs`, 'utf8');
/** The Chinese words of one of the server's tables, by code. */
function table(name: string): Map<string, string> {
  const body = words.slice(words.indexOf(`pub const ${name}:`)).split('];')[0] ?? '';
  return new Map(
    [...body.matchAll(/\("([^"]+)", "([^"]+)", "[^"]+"\)/g)].map(([, code = '', word = '']) => [code, word]),
  );
}

it('calls an act and a thing on the page what the file calls them', () => {
  const [acts, things] = [table('ACTIONS'), table('KINDS')];
  for (const action of ACTIONS) expect(acts.get(action), action).toBe(actionName(action));
  for (const kind of KINDS) expect(things.get(kind), kind).toBe(kindName(kind));
});
