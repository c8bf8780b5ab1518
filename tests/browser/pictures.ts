// Pictures made on the spot for the journeys: no two alike, as no two photographs are.
import type { Page } from '@playwright/test';

export interface PictureFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A JPEG the size a phone makes, drawn by the browser; `words` and chance make it its own. */
export async function takePicture(page: Page, words: string): Promise<PictureFile> {
  const bytes = await page.evaluate(async (written) => {
    const canvas = document.createElement('canvas');
    canvas.width = 3000;
    canvas.height = 2250;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    for (let tile = 0; tile < 300; tile += 1) {
      context.fillStyle = `hsl(${Math.random() * 360} 40% ${30 + Math.random() * 50}%)`;
      context.fillRect((tile % 20) * 150, Math.floor(tile / 20) * 150, 150, 150);
    }
    context.fillStyle = '#fff';
    context.font = '160px sans-serif';
    context.fillText(written, 200, 1200);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    return [...new Uint8Array(await (blob as Blob).arrayBuffer())];
  }, words);
  return { name: `${words}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) };
}
