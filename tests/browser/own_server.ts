// A server of a journey's own, with a county of its own, at a time of its own: it can be stopped and started again at another, as if the days
// between had passed while it was down.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from './journey';

const root = join(__dirname, '..', '..');

export class OwnServer {
  readonly origin: string;
  readonly #folder: string;
  readonly #port: number;
  #service: ChildProcess | null = null;
  #ahead = 0;

  constructor(port: number) {
    this.#port = port;
    this.#folder = join(tmpdir(), `minsheng-map-journey-${port}`);
    rmSync(this.#folder, { recursive: true, force: true });
    // The database may run under another name than this process, and reads what lies here.
    mkdirSync(this.#folder, { mode: 0o755 });
    this.origin = `http://127.0.0.1:${port}`;
    const built = ['-shared', '-fPIC', '-O1', '-o', this.#clock, join(__dirname, 'other_time.c'), '-ldl'];
    execFileSync(process.env['CC'] ?? 'cc', built);
  }

  get #clock(): string {
    return join(this.#folder, 'other_time.so');
  }

  /** What time it is there. */
  now(): Date {
    return new Date(Date.now() + this.#ahead * 1000);
  }

  /** How far its clock is from the machine's, in milliseconds. */
  get ahead(): number {
    return this.#ahead * 1000;
  }

  /** Starts it at `instant`; what fell due while it was down is caught up. */
  async startAt(instant: Date): Promise<void> {
    await this.stop();
    this.#ahead = Math.round((instant.getTime() - Date.now()) / 1000);
    this.#service = spawn(join(root, 'target', 'debug', 'minsheng-map'), ['serve', '--demo-when-empty'], {
      cwd: root,
      stdio: 'ignore',
      env: {
        ...process.env,
        DATABASE_URL: '',
        MINSHENG_DATA_DIR: join(this.#folder, 'data'),
        MINSHENG_LISTEN: `127.0.0.1:${this.#port}`,
        MINSHENG_JOURNEY_SECONDS: String(this.#ahead),
        LD_PRELOAD: this.#clock,
      },
    });
    const answers = () =>
      fetch(`${this.origin}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(answers, { timeout: 280_000, message: 'the journey’s own server answers' }).toBe(true);
  }

  async stop(): Promise<void> {
    const service = this.#service;
    if (!service) return;
    this.#service = null;
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill('SIGTERM');
    await ended;
  }

  /** Ends it and forgets its county. */
  async end(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The page's own clock goes with the server's. */
  async moveClock(page: Page): Promise<void> {
    await page.addInitScript(moveDate, this.ahead);
  }
}

/** Moves the clock of the page it runs in, by as many milliseconds as `clockMovedBy` says at the time. */
export function moveDate(by: number): void {
  const Real = Date;
  const page = globalThis as unknown as { clockMovedBy: number };
  page.clockMovedBy = by;
  const Moved = class extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Real.now() + page.clockMovedBy);
      else super(...(given as [number]));
    }
    static override now = () => Real.now() + page.clockMovedBy;
  };
  globalThis.Date = Moved as DateConstructor;
}

/** Sets the moved clock of an open page to `instant`, without opening it again. */
export async function setClock(page: Page, instant: Date): Promise<void> {
  await page.evaluate((by) => {
    (globalThis as unknown as { clockMovedBy: number }).clockMovedBy = by;
  }, instant.getTime() - Date.now());
}
