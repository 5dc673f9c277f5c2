import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Alerts } from '../../src/server/api/contract-alerts.ts';
import type { RulesAnswer } from '../../src/server/api/contract-rules.ts';
import { type RunningTerritory, startTerritory } from '../../src/server/compose/territory.ts';
import type { Config } from '../../src/server/config/schema.ts';
import { defaultConfig } from '../../src/server/config/load.ts';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);
const axe = readFileSync(resolve('axe-core/axe.min.js'), 'utf8');
const vite = join(resolve('vite/package.json'), '../bin/vite.js');

/** What axe found: its rule and the first element at fault. */
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** How a page of the console is looked at. */
export interface Look {
  readonly dark?: boolean;
  readonly width?: number;
  /** Another port than the server's own, e.g. of a `Cable`. */
  readonly port?: number;
}

export const person = { name: 'ada', password: 'correct horse battery' };

/** A real server on a free port with the console as the sources are now, and a browser before it. */
export class World {
  readonly dir = mkdtempSync(join(tmpdir(), 'territory-console-'));
  #browser: Browser | undefined;
  #server: RunningTerritory | undefined;
  #config: Config | undefined;

  /** Builds the console, starts the server, so set, and a browser; makes an account for `person`. */
  async start(settings: Partial<Config> = {}): Promise<void> {
    const web = join(this.dir, 'web');
    await run(process.execPath, [vite, 'build', '--outDir', web, '--logLevel', 'warn'], {
      cwd: join(import.meta.dirname, '../..'),
      // The tests' own `test` would build React's slow development form.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#config = {
      ...defaultConfig(),
      data: join(this.dir, 'data'),
      port: 0,
      logLevel: 'silent',
      ...settings,
    };
    await this.startServer();
    this.#browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    await this.ask('POST', '/api/v1/users', { ...person, role: 'member' });
  }

  /** Starts the server; again on the same port and data after `stopServer`. */
  async startServer(): Promise<void> {
    if (!this.#config) throw new Error('start the world first');
    this.#server = await startTerritory(this.#config, { webRoot: join(this.dir, 'web') });
    this.#config = { ...this.#config, port: Number(new URL(this.#server.url).port) };
  }

  async stopServer(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#config?.port}`;
  }

  get token(): string {
    return readFileSync(join(this.dir, 'data/admin.token'), 'utf8').trim();
  }

  /** One request with the administrator's token. Throws when it is refused. */
  async ask<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T; // the server's own schema made it
  }

  send(...events: readonly Record<string, unknown>[]): Promise<unknown> {
    return this.ask('POST', '/api/v1/events', events);
  }

  /** Waits until history has that many events that match. */
  async historyHas(where: string, count: number): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      // History starts in the background and answers 503 until it runs.
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await this.ask<{ matched: number }>('POST', '/api/v1/query', {
        where,
        last: '1d',
        aggregate: 'count',
      }).catch(() => ({ matched: 0 }));
      if (answer.matched >= count) return;
      // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`history never had ${count} events where ${where}`);
  }

  /** Waits until a rule runs: rule files are compiled in the background. */
  async ruleRuns(name: string): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const response = await fetch(`${this.url}/api/v1/rules`, {
        headers: { authorization: `Bearer ${this.token}` },
      });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { rules } = (await response.json()) as RulesAnswer; // the server's own schema made it
      if (rules.some((rule) => rule.name === name && rule.state === 'running')) return;
      // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the rule ${name} never ran`);
  }

  /** The id of the open alert of a rule, once there is one. */
  async alertId(rule: string): Promise<string> {
    for (let tries = 0; tries < 300; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const response = await fetch(`${this.url}/api/v1/alerts`, {
        headers: { authorization: `Bearer ${this.token}` },
      });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { alerts } = (await response.json()) as Alerts; // the server's own schema made it
      const found = alerts.find((alert) => alert.rule === rule);
      if (found) return found.id;
      // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the rule ${rule} opened no alert`);
  }

  /** A fresh browser profile, nobody signed in; closed when the test ends. */
  async stranger(look: Look = {}): Promise<Page> {
    if (!this.#browser) throw new Error('start the world first');
    const context = await this.#browser.newContext({
      baseURL: look.port === undefined ? this.url : `http://127.0.0.1:${look.port}`,
      viewport: { width: look.width ?? 1280, height: 800 },
      colorScheme: look.dark ? 'dark' : 'light',
      acceptDownloads: true,
    });
    context.setDefaultTimeout(25_000);
    onTestFinished(() => context.close());
    return context.newPage();
  }

  /** Signs in by the token's link and goes there. */
  async open(path: string, look: Look = {}): Promise<Page> {
    const page = await this.stranger(look);
    await page.goto(`/sign-in#token=${this.token}`);
    await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
    await page.goto(path);
    return page;
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.stopServer();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The accessibility faults of a page as it stands; empty is what we want. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>('axe.run()');
  return violations.map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 160)}`);
}

/** By how many pixels a page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
