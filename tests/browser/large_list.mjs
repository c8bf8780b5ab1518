// What scripts/large-list runs: walks the review list of a running server as a hurried member of the committee would, in headless Chromium
// at two sizes of window, and says how long each step took, how long frames took while the list was scrolled, and what it took of memory.
// `rows` prints the numbers of the sites on the list and ends. Usage: node large_list.mjs ADDRESS PASSWORD [rows]
import { createRequire } from 'node:module';
import { join } from 'node:path';

const web = createRequire(join(import.meta.dirname, '..', '..', 'web', 'package.json'));
const { chromium } = web('@playwright/test');

const [, , address, password, only] = process.argv;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
];
const CALLS = 12;
const PATIENCE_MS = 60_000;
const ROWS = 'tbody tr[id]';
const BAR = '[role=region].bar';

const say = (words) => process.stdout.write(`${words}\n`);
const part = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
const ms = (number) => (Number.isFinite(number) ? `${Math.round(number)} ms` : 'not within a minute');

function spread(times) {
  const sorted = [...times].sort((one, other) => one - other);
  return `p50 ${ms(part(sorted, 0.5))}, p95 ${ms(part(sorted, 0.95))}, longest ${ms(sorted.at(-1) ?? 0)}`;
}

/** How long it took; without end where nothing came of it. */
async function taken(act) {
  const begun = performance.now();
  try {
    await act();
  } catch (thrown) {
    if (thrown.name !== 'TimeoutError') throw thrown;
    return Number.POSITIVE_INFINITY;
  }
  return performance.now() - begun;
}

const line = (what, figures) => say(`| ${what} | ${figures} |`);

async function signIn(page) {
  await page.goto(`${address}/desk`);
  const status = await page.evaluate(
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/session', { method: 'POST', headers, body: JSON.stringify(body) })).status;
    },
    { login: 'committee', password },
  );
  if (status !== 200) throw new Error(`not signed in: ${status}`);
}

/** A call as the page makes it, so often that it can be judged, with the bytes that went over the line. */
async function measureCall(page, what, path) {
  const { times, bytes } = await page.evaluate(
    async ([asked, calls]) => {
      const measured = [];
      performance.clearResourceTimings();
      for (let call = 0; call < calls; call += 1) {
        const begun = performance.now();
        const answer = await fetch(asked);
        if (!answer.ok) throw new Error(`${asked.slice(0, 60)}: ${answer.status}`);
        await answer.arrayBuffer();
        measured.push(performance.now() - begun);
      }
      return { times: measured, bytes: performance.getEntriesByType('resource').at(-1)?.encodedBodySize ?? 0 };
    },
    [path, CALLS],
  );
  line(what, `${spread(times)}; ${(bytes / 1000).toFixed(1)} kB`);
}

async function measureCalls(page, sites) {
  say('\n| call | of the server |\n|---|---|');
  const middle = Math.floor(sites.length / 2);
  const some = (count) => sites.slice(middle, middle + count).join(',');
  // As the page asks; a server before that knew `unranked` is asked without it.
  const knows = await page.evaluate(
    async (path) => (await fetch(path)).ok,
    `/api/review?sites=${sites[0]}&unranked=true`,
  );
  const unranked = knows ? '&unranked=true' : '';
  await measureCall(page, 'outline', '/api/review/outline');
  await measureCall(page, 'outline by unit', '/api/review/outline?sort=unit');
  await measureCall(page, 'outline of one reason', '/api/review/outline?reason=silent');
  await measureCall(page, 'outline by words', '/api/review/outline?q=12');
  await measureCall(page, '50 rows', `/api/review?sites=${some(50)}&limit=50${unranked}`);
  await measureCall(page, '500 rows', `/api/review?sites=${some(500)}&limit=500${unranked}`);
  await measureCall(page, 'whom 500 sites reach', `/api/review/recipients?sites=${some(500)}`);
  await measureCall(page, 'all sites for the map', '/api/map/sites');
}

/** The times between frames while something is done. */
async function framesWhile(page, act) {
  await page.evaluate(() => {
    window.frames_taken = [];
    let last = performance.now();
    const frame = (now) => {
      window.frames_taken.push(now - last);
      last = now;
      window.frame_asked = requestAnimationFrame(frame);
    };
    window.frame_asked = requestAnimationFrame(frame);
  });
  await act();
  return page.evaluate(() => {
    cancelAnimationFrame(window.frame_asked);
    return window.frames_taken.slice(1);
  });
}

/** The times between frames while the list is rolled for some seconds, and how long its rows are waited for afterwards. */
async function rolled(page, engine) {
  await page.evaluate(() => {
    window.long_tasks = [];
    const seen = new PerformanceObserver((list) =>
      window.long_tasks.push(...list.getEntries().map((task) => task.duration)),
    );
    seen.observe({ type: 'longtask' });
  });
  const before = await counted(engine);
  const frames = await framesWhile(page, async () => {
    for (let turn = 0; turn < 120; turn += 1) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(30);
    }
  });
  const after = await counted(engine);
  const waited = await taken(() => settled(page));
  const work = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'].reduce(
    (sum, name) => sum + after[name] - before[name],
    0,
  );
  const long = await page.evaluate(() => window.long_tasks.splice(0));
  line(
    'script, style and layout of it',
    `${ms((work * 1000) / frames.length)} a frame; ${long.length} tasks over 50 ms, longest ${ms(Math.max(0, ...long))}`,
  );
  return { frames, waited };
}

/** What the engine has counted of a page since `engine` began to look. */
async function counted(engine) {
  const { metrics } = await engine.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function memory(engine) {
  await engine.send('HeapProfiler.collectGarbage');
  const { JSHeapUsedSize, Nodes } = await counted(engine);
  return `${(JSHeapUsedSize / 1e6).toFixed(1)} MB of script, ${Nodes} nodes`;
}

const firstRow = (page) => page.locator(ROWS).first().waitFor();
const settled = (page) =>
  page.waitForFunction(
    () => document.querySelectorAll('tbody tr[id]').length > 0 && document.querySelectorAll('tr.waiting').length === 0,
  );

/** Does something after which the list stands in another order; until its rows are there. */
async function reordered(page, act) {
  return taken(async () => {
    const answered = page.waitForResponse((answer) => answer.url().includes('/api/review/outline'));
    await act();
    await answered;
    await settled(page);
  });
}

async function walkKeys(page) {
  await page.keyboard.press('g');
  await page.waitForTimeout(500);
  const times = [];
  for (let step = 0; step < 40; step += 1) {
    const before = await page.evaluate(() => document.activeElement?.id);
    times.push(
      await taken(async () => {
        await page.keyboard.press('j');
        await page.waitForFunction(
          (was) => document.activeElement?.id !== was && document.activeElement?.id.startsWith('row-'),
          before,
          { polling: 'raf' },
        );
      }),
    );
  }
  return times;
}

/** Opens a dialog about all chosen rows, waits until it says what will be, and closes it. */
async function dialog(page, open, ready) {
  const time = await taken(async () => {
    await open();
    await page.locator('dialog[open]').last().waitFor();
    await ready(page.locator('dialog[open]').last());
  });
  const nodes = await page
    .locator('dialog[open]')
    .last()
    .evaluate((element) => element.querySelectorAll('*').length);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  return `${ms(time)}, ${nodes} elements`;
}

async function bulk(page, total) {
  const chosen = await taken(async () => {
    await page.locator('thead input[type=checkbox]').click();
    await page.locator(BAR).getByText(String(total)).first().waitFor();
  });
  line('choose all', ms(chosen));
  const press = (name) => () => page.locator(BAR).getByRole('button', { name, exact: true }).click();
  line(
    'whom a reminder reaches',
    await dialog(page, press('催办'), (inside) => inside.locator('.names li').first().waitFor()),
  );
  line('to whom orders go', await dialog(page, press('督办'), (inside) => inside.locator('textarea').waitFor()));
  line(
    'what can be dismissed',
    await dialog(page, press('忽略'), (inside) => inside.locator('select, p strong').first().waitFor()),
  );
  const strikeOff = async () => {
    await page.locator(BAR).getByText('更多处理').click();
    await page.locator(BAR).getByRole('button', { name: /销号$/ }).first().click();
  };
  line(
    'what strike-off would do',
    await dialog(page, strikeOff, (inside) =>
      inside
        .getByText(/可以办理|都不能办理/)
        .first()
        .waitFor(),
    ),
  );
  await page.keyboard.press('Escape');
}

async function walk(browser, viewport) {
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await signIn(page);
  await page.goto('about:blank');
  const opened = await taken(async () => {
    await page.goto(`${address}/desk#/review`);
    await firstRow(page);
  });
  await settled(page);
  const { site_ids: sites } = await page.evaluate(async () => (await fetch('/api/review/outline')).json());
  if (only === 'rows') {
    say(sites.join(','));
    return true;
  }
  if (viewport === SIZES[0]) await measureCalls(page, sites);
  say(`\n| step at ${viewport.width}×${viewport.height}, ${sites.length} rows | measured |\n|---|---|`);
  line('until the first rows', ms(opened));
  const engine = await page.context().newCDPSession(page);
  await engine.send('Performance.enable');
  line('memory then', await memory(engine));
  await page.mouse.move(viewport.width / 2, viewport.height - 200);
  line('frames while nothing happens', spread(await framesWhile(page, () => page.waitForTimeout(2000))));
  const { frames, waited } = await rolled(page, engine);
  line('frames while rolling 48,000 pixels', `${spread(frames)}; rows there ${ms(waited)} after the end`);
  line(
    'to the end (G)',
    ms(
      await taken(async () => {
        await page.keyboard.press('G');
        await page.waitForFunction((id) => document.activeElement?.id === id, `row-${sites.at(-1)}`);
      }),
    ),
  );
  line('one row on (j), 40 times', spread(await walkKeys(page)));
  const head = page.locator('thead th button');
  line('sort by site', ms(await reordered(page, () => head.nth(1).click())));
  line('sort by rank again', ms(await reordered(page, () => head.nth(0).click())));
  line('one reason', ms(await reordered(page, () => page.getByRole('tab').nth(3).click())));
  line('all reasons again', ms(await reordered(page, () => page.getByRole('tab').nth(0).click())));
  line('search for words', ms(await reordered(page, () => page.locator('#review-search').fill('12'))));
  line('without words again', ms(await reordered(page, () => page.locator('#review-search').fill(''))));
  const map = page.getByRole('button', { name: '地图' }).first();
  line(
    'map beside the list',
    ms(
      await taken(async () => {
        await map.click();
        await page.waitForFunction(
          () => document.querySelector('canvas') !== null && document.querySelector('.host + .note') === null,
        );
      }),
    ),
  );
  await page.mouse.move(viewport.width / 4, viewport.height - 200);
  line('frames beside the map', spread((await rolled(page, engine)).frames));
  line('one row on beside the map', spread(await walkKeys(page)));
  await page.getByRole('button', { name: '收起地图' }).click();
  await bulk(page, sites.length);
  line('memory at the end', await memory(engine));
  await context.close();
  return false;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-sandbox'],
});
try {
  for (const size of SIZES) if (await walk(browser, size)) break;
} finally {
  await browser.close();
}
