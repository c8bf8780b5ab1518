// What scripts/old-engines runs: unpacks each engine, opens the public map in it over the debugging pipe, and checks the list, the map,
// and that the map is still there without network. Ends with 1 when an engine shows no list or no map.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const PATIENCE_MS = 120_000;
const [, , address, cache] = process.argv;

const say = (words) => process.stdout.write(`${words}\n`);

/** Writes the programs out of a package, beside each other as they expect to lie. */
function unpack(folder) {
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;
  const inside = (name) => brotliDecompressSync(readFileSync(join(folder, 'bin', name)));
  const graphics = join(folder, 'swiftshader');
  mkdirSync(graphics, { recursive: true });
  writeFileSync(program, inside('chromium.br'));
  chmodSync(program, 0o755);
  for (const [name, bytes] of filesOf(inside('swiftshader.tar.br'))) {
    writeFileSync(join(graphics, name), bytes);
    // Engines since 100 look for their graphics beside themselves.
    writeFileSync(join(folder, name), bytes);
  }
  return program;
}

/** The plain files of a tar archive. */
function* filesOf(archive) {
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const text = (from, length) => archive.toString('latin1', at + from, at + from + length).split('\0')[0];
    const size = Number.parseInt(text(124, 12), 8);
    const name = text(0, 100).split('/').pop();
    if ((text(156, 1) || '0') === '0' && name) yield [name, archive.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

/** An engine, spoken to over its debugging pipe. */
class Engine {
  #process;
  #waiting = new Map();
  #number = 0;
  #heard = '';
  thrown = [];

  constructor(program, profile, graphics) {
    const common = ['--headless', '--no-sandbox', '--no-zygote', '--disable-dev-shm-usage', '--remote-debugging-pipe'];
    const own = [
      ...graphics,
      `--user-data-dir=${profile}`,
      '--window-size=390,844',
      '--hide-scrollbars',
      '--no-proxy-server',
    ];
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'];
    this.#process = spawn(program, [...common, ...own], { stdio, env: { ...process.env, HOME: profile } });
    this.#process.stdio[4].setEncoding('utf8').on('data', (part) => this.#hear(part));
    this.gone = new Promise((resolve) => this.#process.on('exit', resolve));
  }

  #hear(part) {
    const messages = (this.#heard + part).split('\0');
    this.#heard = messages.pop();
    for (const text of messages) {
      const message = JSON.parse(text);
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
      if (message.method === 'Runtime.exceptionThrown') {
        const { exception, text: words } = message.params.exceptionDetails;
        this.thrown.push(exception?.description ?? words);
      }
    }
  }

  say(method, params = {}, sessionId = undefined) {
    this.#number += 1;
    const id = this.#number;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), 30_000);
      this.#waiting.set(id, (message) => {
        clearTimeout(timer);
        if (message.error) reject(new Error(`${method}: ${message.error.message}`));
        else resolve(message.result);
      });
    });
  }

  async end() {
    this.#process.kill('SIGKILL');
    await this.gone;
  }
}

/** Asks until the page's answer is true, or gives up. */
async function becomesTrue(ask, expression, patience = PATIENCE_MS) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const { result } = await ask('Runtime.evaluate', { expression, awaitPromise: true });
    if (result.value === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

const HAS_LIST = "document.querySelectorAll('ul.sites > li').length > 0";
const HAS_MAP = "performance.getEntriesByName('map-ready').length > 0";
const IS_KEPT = `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((room) => room.keys()))))
  .then((rooms) => rooms.flat().map(({ url }) => url))
  .then((all) => navigator.serviceWorker.controller !== null && ['/assets/county_map-', '/api/sites', '/tiles/'].every((part) => all.some((url) => url.includes(part))))`;

async function tryEngine(folder) {
  const profile = mkdtempSync(join(tmpdir(), 'minsheng-old-engine-'));
  const program = unpack(folder);
  const is107 = folder.includes('107');
  const engine = new Engine(
    program,
    profile,
    is107 ? ['--use-gl=angle', '--use-angle=swiftshader'] : ['--use-gl=swiftshader'],
  );
  try {
    const { product } = await engine.say('Browser.getVersion');
    const { targetId } = await engine.say('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await engine.say('Target.attachToTarget', { targetId, flatten: true });
    const ask = (method, params) => engine.say(method, params, sessionId);
    await ask('Runtime.enable');
    await ask('Network.enable');
    await ask('Page.enable');
    await ask('Page.navigate', { url: `${address}/` });
    const found = { map: await becomesTrue(ask, HAS_MAP) };
    await keepPicture(ask, product);
    found.kept = found.map && (await becomesTrue(ask, IS_KEPT, 60_000));
    await ask('Page.navigate', { url: `${address}/list` });
    found.list = await becomesTrue(ask, HAS_LIST);
    const nothing = { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 };
    await ask('Network.emulateNetworkConditions', nothing);
    await ask('Page.reload');
    found.withoutNetwork =
      found.kept && (await becomesTrue(ask, `${HAS_LIST} && document.body.innerText.includes('离线')`, 60_000));
    const told = Object.entries(found).map(([what, holds]) => `${what} ${holds ? 'yes' : 'NO'}`);
    say([product, ...told, ...engine.thrown.map((words) => `thrown: ${words.split('\n')[0]}`)].join(' · '));
    return found.list && found.map && engine.thrown.length === 0;
  } finally {
    await engine.end();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function keepPicture(ask, product) {
  const { data } = await ask('Page.captureScreenshot', { format: 'png' });
  const file = join(cache, `${product.replace(/\W+/g, '-')}.png`);
  writeFileSync(file, Buffer.from(data, 'base64'));
  say(file);
}

let whole = true;
for (const name of readdirSync(cache, { withFileTypes: true })) {
  if (!name.isDirectory()) continue;
  try {
    whole = (await tryEngine(join(cache, name.name))) && whole;
  } catch (error) {
    whole = false;
    say(`${name.name}: ${error.message}`);
  }
}
process.exitCode = whole ? 0 : 1;
