import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Ports } from '../../src/demo/company.ts';
import type { DemoState } from '../../src/demo/state.ts';
import type { Where } from '../../src/server/api/contract-releases.ts';
import { type Api, api, until } from './api.suite.ts';
import { scratch, spawnTerritory } from './server.suite.ts';

/** Seconds that a start may take on a machine with a lot else to do. On an idle one it takes fifteen. */
export const patience = 240;

/** A company by `territory demo`, in a process of its own, as people start it. */
export class DemoCompany {
  readonly home: string;
  readonly #started: ReturnType<typeof spawnTerritory>;

  constructor(home: string, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.home = home;
    const args = ['demo', '--data', home, '--no-open', '--json', ...flags];
    this.#started = spawnTerritory(args, { env });
  }

  /** What it said on standard error. */
  get said(): string {
    return this.#started.text.err;
  }

  /** Its API, once the company lives. Throws what it said when it ends before. */
  async ready(): Promise<Api> {
    const { child, text } = this.#started;
    await until(
      () => text.out.includes('\n') || child.exitCode !== null || child.signalCode !== null,
      patience,
      `the company's start in ${this.home}`,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${text.err}`);
    });
    if (!text.out.includes('\n')) throw new Error(`the demo did not start:\n${text.err}`);
    const { url } = JSON.parse(text.out) as { url: string };
    return api(url, readFileSync(join(this.home, 'territory/admin.token'), 'utf8').trim());
  }

  /** Its exit code; null when the signal itself ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#started.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | null> {
    const { child } = this.#started;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  get ports(): Ports {
    return this.#state.ports;
  }

  get seed(): number {
    return this.#state.seed;
  }

  get #state(): DemoState {
    return JSON.parse(readFileSync(join(this.home, 'demo.json'), 'utf8')) as DemoState; // the demo's own
  }
}

/** Which release is told to run where: `site production` and its version. */
export async function versionsOf({ request }: Api): Promise<Record<string, string | null>> {
  const { json } = await request<Where>('/api/v1/releases/where');
  return Object.fromEntries(
    json.lanes.map(({ app, environment, version }) => [`${app} ${environment}`, version]),
  );
}

/** A PATH with all the programs of this machine but those. */
export function pathWithout(...missing: readonly string[]): string {
  const folder = join(scratch(), 'bin');
  mkdirSync(folder);
  for (const from of (process.env['PATH'] ?? '').split(delimiter))
    for (const name of existsSync(from) ? readdirSync(from) : [])
      if (!missing.includes(name) && !has(folder, name))
        symlinkSync(join(from, name), join(folder, name));
  return folder;
}

/** Whether it is there, also as a link to nothing. */
const has = (folder: string, name: string): boolean =>
  lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
