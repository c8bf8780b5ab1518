// Numbers that belong to a person, found in words as the server finds them: telephones, identity cards with their check digit, number
// plates. The server masks them in what it publishes of others' words, and refuses mobile telephones and identity cards in words that are
// written to be public. Pure.

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
const MASK = '＊';
const DIGIT = /^[0-9]$/;

const isDigit = (character: string | undefined): boolean => character !== undefined && DIGIT.test(character);

export type NumberKind = 'mobile' | 'landline' | 'identity_card' | 'number_plate';

interface Found {
  kind: NumberKind;
  /** First character, counted from 0, and the one after the last. */
  from: number;
  to: number;
}

/** Everything in `words` that looks like a number of a person, in its order. */
export function findNumbers(words: string): Found[] {
  const plain = [...words].map(narrow);
  const found: Found[] = [];
  let place = 0;
  while (place < plain.length) {
    const hit = numberPlate(plain, place) ?? numberAt(plain, place);
    if (hit !== null) {
      found.push({ kind: hit.kind, from: place, to: hit.end });
      place = hit.end;
    } else {
      do place += 1;
      while (isDigit(plain[place - 1]) && isDigit(plain[place]));
    }
  }
  return found;
}

/** `words` with every such number masked, as long as before. */
export function masked(words: string): string {
  const characters = [...words];
  for (const { from, to } of findNumbers(words)) characters.fill(MASK, from, to);
  return characters.join('');
}

/** Whether the server refuses `words` as public ones: by a mobile telephone or an identity card a person is called or known. */
export function namesAPerson(words: string): boolean {
  const plain = [...words].map(narrow);
  return findNumbers(words).some(
    (found) => (found.kind === 'mobile' || found.kind === 'identity_card') && standsByItself(plain, found),
  );
}

/** Whether a number is written as people write one: not within a longer sign, and in groups of three digits or more. */
function standsByItself(plain: readonly string[], { from, to }: Found): boolean {
  const ofASign = (neighbour: string | undefined) => neighbour !== undefined && /^[0-9A-Za-z-]$/.test(neighbour);
  if (ofASign(plain[from - 1]) || ofASign(plain[to])) return false;
  const groups = plain
    .slice(from, to)
    .join('')
    .split(/[^0-9A-Z]+/)
    .filter((group) => group !== '');
  if (groups[0] === '86') groups.shift();
  return groups.every((group) => group.length >= 3);
}

type Hit = { kind: NumberKind; end: number } | null;

/** Full-width digits, letters and signs as their narrow ones. */
function narrow(character: string): string {
  if (character >= '！' && character <= '～') return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
  if (character === '　') return ' ';
  if ('—–‐‑'.includes(character)) return '-';
  return /^[a-z]$/.test(character) ? character.toUpperCase() : character;
}

/** Digits from `from` on with at most one sign between two of them, and after each the place that follows it. */
function digitsFrom(plain: readonly string[], from: number): { text: string; ends: number[] } {
  let text = '';
  const ends: number[] = [];
  for (let place = from; place < plain.length; place += 1) {
    const character = plain[place] ?? '';
    if (isDigit(character) || (character === 'X' && text.length === 17)) {
      text += character;
      ends.push(place + 1);
    } else if (!(' -.()'.includes(character) && ends[ends.length - 1] === place)) break;
  }
  return { text, ends };
}

/** A telephone or an identity card that begins here and is no part of a longer number. */
function numberAt(plain: readonly string[], from: number): Hit {
  const first = plain[from] ?? '';
  const begins = isDigit(first) || ('+('.includes(first) && isDigit(plain[from + 1]));
  const before = plain[from - 1];
  if (!begins || isDigit(before) || before === '.') return null;
  const { text, ends } = digitsFrom(plain, isDigit(first) ? from : from + 1);
  const endOf = (length: number): number | null => {
    const end = ends[length - 1];
    return end !== undefined && (text.length === length || !isDigit(plain[end])) ? end : null;
  };
  const cardEnd = ends[17];
  if (cardEnd !== undefined && isIdentityCard(text.slice(0, 18))) return { kind: 'identity_card', end: cardEnd };
  for (const prefix of ['', '86', '0086']) {
    const end = endOf(prefix.length + 11);
    if (end !== null && text.startsWith(prefix) && /^1[3-9][0-9]{9}/.test(text.slice(prefix.length)))
      return { kind: 'mobile', end };
  }
  const end = landline(text)
    .map(endOf)
    .find((place) => place !== null);
  return end ? { kind: 'landline', end } : null;
}

/** Of how many digits a landline with its area code may be, the longest first. */
function landline(text: string): readonly number[] {
  if (/^0(10|2[0-9])[2-8]/.test(text)) return [11];
  return /^0[3-9][0-9]{2}[2-8]/.test(text) ? [12, 11] : [];
}

/** Eighteen characters whose date is one and whose check digit agrees. */
function isIdentityCard(text: string): boolean {
  if (!/^[0-9]{6}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((all, weight, place) => all + weight * Number(text[place]), 0);
  return text[17] === CHECKS[sum % 11];
}

/** 浙A·12345, also with the six characters of an electric car: with the place after it. */
function numberPlate(plain: readonly string[], from: number): Hit {
  if (!PROVINCES.includes(plain[from] ?? ' ') || !/^[A-Z]$/.test(plain[from + 1] ?? '')) return null;
  const start = ' -.·•'.includes(plain[from + 2] ?? '?') ? from + 3 : from + 2;
  let end = start;
  while (end < start + 7 && /^[0-9A-Za-z]$/.test(plain[end] ?? '')) end += 1;
  const digits = plain.slice(start, end).filter(isDigit).length;
  return (end - start === 5 || end - start === 6) && digits >= 3 ? { kind: 'number_plate', end } : null;
}
