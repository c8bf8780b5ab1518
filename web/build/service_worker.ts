// Builds the service worker into one classic script at the root, and tells it the files of this build: those of the public face that
// every reader needs, those of the drawn map, which only who has seen the map needs, and those of the deputies' app.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const SOURCE = fileURLToPath(new URL('../src/service_worker/main.ts', import.meta.url));
const FIXED = ['/icon.svg', '/icon-192.png', '/manifest.webmanifest'];
/** The map's library and its worker: a quarter of a megabyte, fetched when the map is first drawn. */
const OF_THE_MAP = /(?:county_map|map_worker)-[^/]*\.(?:js|css)$/;

interface Part {
  isEntry: boolean;
  name: string;
  fileName: string;
  imports: readonly string[];
  dynamicImports: readonly string[];
  css: readonly string[];
}

/** Every file that the entry can ever ask for, its own first. */
export function filesOf(entry: string, parts: readonly Part[]): string[] {
  const byFile = new Map(parts.map((part) => [part.fileName, part]));
  const first = parts.find((part) => part.isEntry && part.name === entry);
  const found = new Set<string>();
  const waiting = first ? [first.fileName] : [];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const part = byFile.get(file);
    if (!part || found.has(file)) continue;
    found.add(file);
    for (const sheet of part.css) found.add(sheet);
    waiting.push(...part.imports, ...part.dynamicImports);
  }
  return [...found];
}

function partsOf(bundle: Rolldown.OutputBundle): Part[] {
  return Object.values(bundle).flatMap((file) => {
    if (file.type !== 'chunk') return [];
    const { isEntry, name, fileName, imports, dynamicImports, viteMetadata } = file;
    return [{ isEntry, name, fileName, imports, dynamicImports, css: [...(viteMetadata?.importedCss ?? [])] }];
  });
}

async function script(constants: Record<string, unknown>): Promise<string> {
  const define = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    define,
    publicDir: false,
    build: {
      write: false,
      target: ['chrome87', 'safari15'],
      modulePreload: false,
      rolldownOptions: { input: SOURCE, output: { format: 'iife' } },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('the service worker was not built');
  return output.output[0].code;
}

/** Adds `service-worker.js` to the build. */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = filesOf('public', partsOf(bundle));
      const map = [...files, ...Object.keys(bundle)].filter((file) => OF_THE_MAP.test(file));
      const shell = files.filter((file) => !OF_THE_MAP.test(file));
      if (shell.length === 0) this.error('the public face has no files: the service worker would keep nothing');
      const deputy = filesOf('deputy', partsOf(bundle)).filter(
        (file) => !OF_THE_MAP.test(file) && !shell.includes(file),
      );
      if (deputy.length === 0) this.error('the deputies have no files: their app would not open without network');
      const addresses = (of: string[]) => [...new Set(of)].map((file) => `/${file}`);
      const version = createHash('sha256')
        .update([...shell, ...map, ...deputy].join())
        .digest('hex')
        .slice(0, 8);
      const constants = {
        __VERSION__: version,
        __FILES__: [...addresses(shell), ...FIXED],
        __MAP_FILES__: addresses(map),
        __DEPUTY_FILES__: [...addresses(deputy), '/deputy-manifest.webmanifest'],
      };
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: await script(constants) });
    },
  };
}
