// Stores each text file of the build also as `.br` and `.gz`, so that the server compresses nothing while it serves.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT_FILES = /\.(?:html|js|mjs|css|svg|json|webmanifest|txt)$/;
const WORTH_COMPRESSING_BYTES = 512;

/** Every file below a folder. */
function* filesBelow(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** After the build has been written, adds the compressed siblings. */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    writeBundle(options) {
      for (const path of filesBelow(options.dir ?? 'dist')) {
        if (!TEXT_FILES.test(path)) continue;
        const bytes = readFileSync(path);
        if (bytes.length < WORTH_COMPRESSING_BYTES) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
