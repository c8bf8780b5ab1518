// A choice of the reader's (language, size of type), kept where the server's own pages read it too: in a cookie. It is no secret and says
// nothing of the person; a link with `lang` or `type` sets the same cookie without script (server/src/pages/reader.rs).
const A_YEAR_S = 31_536_000;

export type ChoiceName = 'minsheng_lang' | 'minsheng_type';

/** The choice as it was kept, or null. */
export function keptChoice(name: ChoiceName): string | null {
  const kept = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`));
  return kept?.slice(name.length + 1) ?? null;
}

/** Keeps a choice for a year; a browser that refuses cookies still has it for this visit. */
export function keepChoice(name: ChoiceName, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in the oldest engines promised, and without TLS
  document.cookie = `${name}=${value}; Path=/; Max-Age=${A_YEAR_S}; SameSite=Lax`;
}
