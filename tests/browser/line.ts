// A telephone line that can be cut: the pages are asked for through it, and it is dead from a chosen request on, before the server heard of
// that request or after it answered. Everything a phone does goes through it, the service worker's own requests as well.
import { createServer, request as forward, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a request is cut: on its way there, or on the way back when the server has done what it asked. */
export type Cut = 'before' | 'after';

export class Line {
  /** The requests made since `count` was last called, cut ones included. */
  readonly asked: string[] = [];
  /** Dead for these only; for none when null. */
  deadFor: ((method: string, path: string) => boolean) | null = null;
  /** Hears what a request carried, when it has gone through. */
  heard: ((method: string, path: string, body: Buffer) => void) | null = null;
  #cutAt: { number: number; cut: Cut } | null = null;
  #dead = false;

  private constructor(
    readonly address: string,
    readonly server: Server,
  ) {}

  /** A line to the server at `origin`. */
  static async to(origin: string): Promise<Line> {
    const { hostname, port } = new URL(origin);
    let line: Line | null = null;
    const server = createServer((asked, answer) => {
      const fate = line?.meet(asked) ?? 'pass';
      if (fate === 'before') {
        answer.destroy();
        return;
      }
      const passed = forward(
        { hostname, port, path: asked.url, method: asked.method, headers: asked.headers },
        (given) => {
          if (fate === 'after') given.resume().on('end', () => answer.destroy());
          else given.pipe(answer.writeHead(given.statusCode ?? 502, given.headers));
        },
      );
      passed.on('error', () => answer.destroy());
      answer.on('close', () => passed.destroy());
      line?.listen(asked);
      asked.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    line = new Line(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    return line;
  }

  /** Cuts the line at the request of this number from now on, counted from zero, and leaves it dead. */
  cutAt(number: number, cut: Cut): void {
    this.asked.length = 0;
    this.#cutAt = { number, cut };
  }

  cut(): void {
    this.#dead = true;
    this.server.closeAllConnections();
  }

  mend(): void {
    this.#dead = false;
    this.#cutAt = null;
    this.deadFor = null;
    this.heard = null;
  }

  /** Counts from zero again. */
  count(): void {
    this.asked.length = 0;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private listen(asked: IncomingMessage): void {
    const { heard } = this;
    if (!heard) return;
    const parts: Buffer[] = [];
    asked.on('data', (part: Buffer) => parts.push(part));
    asked.on('end', () => heard(asked.method ?? '', asked.url ?? '', Buffer.concat(parts)));
  }

  private meet({ method = '', url = '' }: IncomingMessage): 'pass' | Cut {
    // Events stay open for ever and belong to no report.
    if (url === '/api/events') return this.#dead ? 'before' : 'pass';
    this.asked.push(`${method} ${url}`);
    if (this.#dead || this.deadFor?.(method, url)) return 'before';
    if (this.#cutAt === null || this.asked.length - 1 < this.#cutAt.number) return 'pass';
    this.#dead = true;
    return this.#cutAt.cut;
  }
}
