// What the address behind `#` asks for. The token stands there because what is behind `#` is sent to no server and written into no log.

export type Asked = { kind: 'invitation'; token: string } | { kind: 'forgotten' } | { kind: 'nothing' };

const TOKEN = /^[0-9a-z]{20,32}$/i;

/** Reads `location.hash`. */
export function askedBy(hash: string): Asked {
  const text = decodeURIComponentSafely(hash.replace(/^#/, '')).trim();
  if (text === 'forgotten') return { kind: 'forgotten' };
  return TOKEN.test(text) ? { kind: 'invitation', token: text } : { kind: 'nothing' };
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
