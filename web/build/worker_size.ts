// An empty map worker hangs the map without any error, and the packager has produced one before (the library declares its worker file
// free of side effects, so a bare import of it is dropped). A build whose worker is too small to be whole therefore fails.
import type { Plugin } from 'vite';

const WHOLE_WORKER_BYTES = 400_000;

/** Whether a worker file of this size can hold the whole map library's worker. */
export function isWholeWorker(bytes: number): boolean {
  return bytes > WHOLE_WORKER_BYTES;
}

/** Fails the build when the map's worker was emptied. */
export function requireWorkerSize(): Plugin {
  return {
    name: 'require-worker-size',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!name.includes('map_worker')) continue;
        const size = file.type === 'chunk' ? file.code.length : file.source.length;
        if (!isWholeWorker(size)) this.error(`${name} has only ${size} bytes: the map would hang without an error`);
      }
    },
  };
}
