import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePorts } from '../../src/runner/strategy/front.suite.ts';
import type { PlacedEvent } from '../../src/server/api/contract.ts';

const root = join(import.meta.dirname, '../..');
const vite = join(createRequire(import.meta.url).resolve('vite/package.json'), '../bin/vite.js');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];

/** A real `territory demo`, built from the sources as they are, and a browser before its console. */
export class DemoWorld {
  readonly home = mkdtempSync(join(tmpdir(), 'newsroom-'));
  /** What it said on standard error, for who has to find out why it failed. */
  said = '';
  #built = '';
  #demo: ChildProcess | undefined;
  #browser: Browser | undefined;
  #url = '';

  /** Builds and starts; resolves when the company lives. Throws what the demo said when it does not. */
  async start(...args: readonly string[]): Promise<void> {
    this.#build();
    const main = join(this.#built, 'dist/cli/main.js');
    const [port = 0] = await freePorts(1); // two of them may run on one machine
    const options = ['--data', this.home, '--port', `${port}`, '--no-open', '--json'];
    const demo = spawn(process.execPath, [main, 'demo', ...options, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#demo = demo;
    demo.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    const lines = createInterface({ input: demo.stdout });
    const ended = once(demo, 'exit').then(() => [undefined]);
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string | undefined];
    if (line === undefined) throw new Error(`the demo did not start:\n${this.said}`);
    this.#url = (JSON.parse(line) as { url: string }).url;
    this.#browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  }

  #build(): void {
    const cache = join(root, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    this.#built = mkdtempSync(join(cache, 'territory-demo-'));
    copyFileSync(join(root, 'package.json'), join(this.#built, 'package.json'));
    const tsc = join(root, 'node_modules/.bin/tsc');
    const project = join(root, 'tsconfig.build.json');
    const dist = join(this.#built, 'dist');
    execFileSync(tsc, ['-p', project, '--noCheck', '--outDir', dist], { cwd: root });
    execFileSync(
      process.execPath,
      [vite, 'build', '--outDir', join(dist, 'web'), '--logLevel', 'warn'],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
    );
  }

  /** A request with the administrator's token. Throws when it is refused. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const token = readFileSync(join(this.home, 'territory/admin.token'), 'utf8').trim();
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T; // the server's own schema made it
  }

  /** Events that match, the oldest first: of the last hour, or between two times (ms since the epoch). */
  async events(
    where: string,
    range?: { readonly from: number; readonly to: number },
  ): Promise<readonly PlacedEvent[]> {
    const question = { where, ...(range ?? { last: '1h' }), order: 'oldest', limit: 5_000 };
    const { events } = await this.ask<{ events: PlacedEvent[] }>('POST', '/api/v1/query', question);
    return events;
  }

  /** Looks each half second until there is an answer. Throws with what the demo said at the end of `ms`. */
  async until<T>(what: string, ms: number, look: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + ms;
    let last: unknown;
    while (performance.now() < end) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const found = await look().catch((error: unknown) => {
        last = error;
        return undefined;
      });
      if (found !== undefined) return found;
      // oxlint-disable-next-line no-await-in-loop -- looking again is all that can be done
      await pause(500);
    }
    const why = last instanceof Error ? ` (${last.message})` : '';
    throw new Error(
      `${what} did not come within ${ms / 1000} s${why}:\n${this.said.slice(-4_000)}`,
    );
  }

  /** A page of the console, signed in as the administrator. */
  async open(path: string): Promise<Page> {
    if (!this.#browser) throw new Error('start the world first');
    const context = await this.#browser.newContext({
      baseURL: this.#url,
      viewport: { width: 1400, height: 900 },
    });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const token = readFileSync(join(this.home, 'territory/admin.token'), 'utf8').trim();
    await page.goto(`/sign-in#token=${token}`);
    await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
    await page.goto(path);
    return page;
  }

  /** Interrupts the demo as a person does; answers how it ended. */
  async interrupt(): Promise<number | null> {
    const demo = this.#demo;
    if (!demo || demo.exitCode !== null) return demo?.exitCode ?? null;
    const ended = once(demo, 'exit') as Promise<[number | null]>;
    demo.kill('SIGINT');
    const [code] = await ended;
    return code;
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.interrupt();
    rmSync(this.home, { recursive: true, force: true });
    rmSync(this.#built, { recursive: true, force: true });
  }
}
