// How the three faces are built: hashed files, nothing inline (the pages are served under a strict Content-Security-Policy),
// syntax lowered to the oldest engines the map is promised on, and every text file stored compressed beside itself.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { faceRoutes } from './build/face_routes.ts';
import { icons } from './build/icons.ts';
import { precompress } from './build/precompress.ts';
import { serviceWorker } from './build/service_worker.ts';
import { requireWorkerSize } from './build/worker_size.ts';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const server = process.env['MINSHENG_SERVER'] ?? 'http://127.0.0.1:8080';
// The server compares Origin with Host, so the browser's own Host goes along.
const served = Object.fromEntries(
  ['/api', '/tiles', '/photos', '/export'].map((path) => [path, { target: server, changeOrigin: false }]),
);

export default defineConfig({
  plugins: [svelte(), faceRoutes(), requireWorkerSize(), icons(), serviceWorker(), precompress()],
  worker: { format: 'es' },
  build: {
    target: ['chrome87', 'safari15'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        public: page('index.html'),
        deputy: page('deputy.html'),
        desk: page('desk.html'),
        join: page('join.html'),
        challenge: page('challenge.html'),
      },
    },
  },
  server: { port: 5172, strictPort: true, proxy: served },
  preview: { port: 5172, strictPort: true, proxy: served },
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    css: true,
    restoreMocks: true,
  },
});
