// The reader's own fonts, with which the map writes: there is no glyph server.
export const FONT =
  'PingFang SC, HarmonyOS Sans SC, MiSans, Microsoft YaHei, Noto Sans SC, Noto Sans CJK SC, sans-serif';
