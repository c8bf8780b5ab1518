/** The receipt drawn as a picture, for whoever keeps things in the album of a phone. Colours are those of the tokens; nothing is fetched. */

const WIDTH = 900;
const EDGE = 60;

/** One line of the picture: what it is, and what stands there; `large` for what must be read off. */
export interface Line {
  label: string;
  words: string;
  large?: boolean;
}

/** Words in rows that fit, broken at blanks and hyphens where there are any. */
export function rowsOf(words: string, fits: (row: string) => boolean): string[] {
  const rows: string[] = [];
  let row = '';
  for (const piece of words.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff-]+-?|\s+|-/g) ?? []) {
    if (row === '' || fits(row + piece)) row += piece;
    else {
      rows.push(row.trim());
      row = piece;
    }
  }
  if (row.trim()) rows.push(row.trim());
  return rows;
}

/** A PNG of the receipt; null where the browser draws none. */
export function receiptPicture(title: string, lines: readonly Line[], footnote: string): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.resolve(null);
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const font = (pixels: number, weight = 400) => `${weight} ${pixels}px ${token('--font')}`;
  const measured = (text: string, of: string) => {
    pen.font = of;
    return rowsOf(text, (row) => pen.measureText(row).width <= WIDTH - 2 * EDGE);
  };
  const rows: { text: string; font: string; colour: string; step: number }[] = [];
  const add = (text: string, pixels: number, weight: number, colour: string) => {
    const of = font(pixels, weight);
    for (const row of measured(text, of)) rows.push({ text: row, font: of, colour, step: pixels * 1.5 });
  };
  add(title, 40, 700, token('--brand'));
  for (const { label, words, large } of lines) {
    rows.push({ text: '', font: font(20), colour: '#000', step: 24 });
    add(label, 26, 400, token('--ink-2'));
    add(words, large ? 52 : 32, large ? 700 : 400, token('--ink'));
  }
  rows.push({ text: '', font: font(20), colour: '#000', step: 36 });
  add(footnote, 28, 700, token('--stage-not-started-text'));
  canvas.width = WIDTH;
  canvas.height = Math.ceil(rows.reduce((all, row) => all + row.step, 2 * EDGE));
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = token('--brand');
  pen.fillRect(0, 0, WIDTH, 16);
  let y = EDGE;
  for (const row of rows) {
    y += row.step;
    pen.font = row.font;
    pen.fillStyle = row.colour;
    pen.fillText(row.text, EDGE, y - row.step * 0.3);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
