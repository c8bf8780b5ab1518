// The reader's own fonts, with which the map writes: there is no glyph server.
export const FONT =
  'PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif';

/** The library reads the weight from the first family's name; there is no family of this name, so the next ones draw. */
export const BOLD = `Bold, ${FONT}`;
