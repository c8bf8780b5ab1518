// Browser journeys: the built binary with a fresh demo county, walked through in Debian's own Chromium. Started by `npm run test:browser`
// in web/, whose packages they use. `MINSHENG_BROWSER_URL` walks through a server that already runs instead.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const root = join(__dirname, '..', '..');
const port = Number(process.env['MINSHENG_BROWSER_PORT'] ?? 8097);
const running = process.env['MINSHENG_BROWSER_URL'];
const dataDir = join(tmpdir(), `minsheng-map-browser-${port}`);

/** The password of every demo account in these journeys. */
process.env['MINSHENG_DEMO_PASSWORD'] ??= 'browser-journeys-2026';

export default defineConfig({
  testDir: __dirname,
  // Halves of the journeys run side by side (`scripts/run-tests`), each with its own port, server and county.
  outputDir: join(__dirname, 'test-results', String(port)),
  // Software graphics are slow and the journeys share one county: one at a time, in order.
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // A busy machine may be slow once; what needs a second attempt is told as flaky, what fails twice is broken.
  retries: 1,
  reporter: [['list']],
  use: {
    baseURL: running ?? `http://127.0.0.1:${port}`,
    // Journeys look at what the server says; only those about the time without network let the worker come between.
    serviceWorkers: 'block',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // Keeping a trace takes a good part of the time: asked for when something is looked into.
    trace: process.env['MINSHENG_BROWSER_TRACE'] ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-sandbox'],
    },
  },
  ...(running
    ? {}
    : {
        webServer: {
          command: `rm -rf "${dataDir}" && exec target/debug/minsheng-map serve --demo-when-empty`,
          cwd: root,
          url: `http://127.0.0.1:${port}/readyz`,
          timeout: 300_000,
          gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 15_000 },
          env: {
            // The journeys bring their own county; a server that this machine uses for something else is left alone.
            DATABASE_URL: '',
            MINSHENG_DATA_DIR: dataDir,
            // Residents come from networks of their own (`fromElsewhere`), which are limited singly.
            MINSHENG_TRUSTED_PROXIES: '127.0.0.1',
            MINSHENG_LISTEN: `127.0.0.1:${port}`,
            MINSHENG_DEMO_PASSWORD: process.env['MINSHENG_DEMO_PASSWORD'],
          },
        },
      }),
});
