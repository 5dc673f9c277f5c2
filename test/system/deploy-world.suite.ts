import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Deploy, NewDeploy, Plan } from '../../src/server/api/contract-deploys.ts';
import type { Instances } from '../../src/runner/instance/instance.ts';
import { openInstances } from '../../src/runner/instance/open-instances.ts';
import type { SshPlace } from '../../src/runner/ssh/connection.ts';
import { type Front, freePorts, startFront } from '../../src/runner/strategy/front.suite.ts';
import { type Answer, until } from './api.suite.ts';
import { builtMain } from './built.suite.ts';
import {
  type Server,
  quiet,
  runTerritory,
  scratch,
  serve,
  spawnTerritory,
} from './server.suite.ts';

/** One environment of the machine: HAProxy with a server of each colour for each instance. */
export interface Place {
  readonly name: string;
  readonly front: Front;
}

export interface WorldOptions {
  readonly environments: readonly string[];
  readonly instances: number;
  /** Of the server. */
  readonly flags?: readonly string[];
}

/** A server, a runner on the same machine, and fronts; each of them can be killed and comes again. */
export class World {
  readonly dir = scratch();
  readonly places: readonly Place[];
  server: Server;
  #runner: ReturnType<typeof spawnTerritory> | undefined;
  readonly #flags: readonly string[];
  /** The runner's own file, where it is not of this machine. */
  #runs: string | undefined;

  private constructor(server: Server, flags: readonly string[], places: readonly Place[]) {
    this.server = server;
    this.#flags = flags;
    this.places = places;
  }

  /** Everything but the runner is up when it resolves, and is stopped with the test. */
  static async open({ environments, instances, flags: more = [] }: WorldOptions): Promise<World> {
    const [port = 0] = await freePorts(1);
    const flags = [...quiet, '--history.enabled', 'false', '--port', `${port}`, ...more];
    const places = await Promise.all(
      environments.map(async (name): Promise<Place> => {
        const ports = await freePorts(2 * instances);
        const servers = ports.map((one, n) => {
          const colour = n < instances ? 'blue' : 'green';
          return [`${colour}${(n % instances) + 1}`, one] as const;
        });
        const front = await startFront({ shop: { servers: Object.fromEntries(servers) } });
        return { name, front };
      }),
    );
    const world = new World(await serve({ dir: scratch(), flags }), flags, places);
    onTestFinished(async () => world.close());
    const token = await world.tokenOf('web-1', 'runner');
    writeFileSync(join(world.dir, 'runner.token'), token, { mode: 0o600 });
    writeFileSync(join(world.dir, 'api.key'), 'sk_very_secret_1');
    const lines = places.map(
      ({ name, front }) => `  ${name}:
    instances: ${instances}
    ready-within: 15s
    balancer: {socket: ${front.socket}}
    front: ${front.template}
    values: {API_KEY: {file: api.key}}
    databases: {orders-db: {sqlite: ${name}.db}}
`,
    );
    writeFileSync(
      world.config,
      `name: web-1\nserver: ${world.server.url}\ntoken: {file: runner.token}\nhome: home\nevidence-every: 2s\nenvironments:\n${lines.join('')}`,
    );
    return world;
  }

  /** Of what runs on this machine. */
  get config(): string {
    return join(this.dir, 'runner.yaml');
  }

  /** From now on the runner is one elsewhere, which reaches this machine by ssh. */
  reachedBySsh({ target, options = {} }: SshPlace): void {
    const ssh = {
      target,
      port: options.port,
      identity: options.identity,
      'known-hosts': options.set?.['UserKnownHostsFile'],
      command: `${process.execPath} ${builtMain()}`,
      config: this.config,
    };
    const environments = Object.fromEntries(this.places.map(({ name }) => [name, { ssh }]));
    const token = { file: 'runner.token' };
    this.#runs = join(this.dir, 'gateway.yaml');
    // YAML is a superset of JSON.
    const { url: server } = this.server;
    const config = { name: 'gateway', server, token, home: 'gateway', environments };
    writeFileSync(this.#runs, JSON.stringify(config));
  }

  get jobs(): string {
    return join(this.dir, 'home/jobs');
  }

  front(environment: string): Front {
    const found = this.places.find(({ name }) => name === environment);
    if (!found) throw new Error(`there is no ${environment}`);
    return found.front;
  }

  async post<T>(
    path: string,
    body: unknown,
    { method = 'POST', token = this.server.token } = {},
  ): Promise<Answer<T>> {
    return this.server.request<T>(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
  }

  /** A token of somebody with rights. */
  async tokenOf(name: string, may: string): Promise<string> {
    const made = await this.post<{ secret: string }>('/api/v1/tokens', { name, scope: { may } });
    if (made.status !== 201) throw new Error(made.text);
    return made.json.secret;
  }

  /** Runs `territory` against the server. */
  async cli(
    ...args: readonly string[]
  ): Promise<{ code: number | null; out: string; err: string }> {
    const env = { TERRITORY_URL: this.server.url, TERRITORY_TOKEN: this.server.token };
    return runTerritory(args, env);
  }

  startRunner(): void {
    this.#runner = spawnTerritory(['runner', '--config', this.#runs ?? this.config]);
  }

  get runnerSaid(): string {
    return `${this.#runner?.text.out}${this.#runner?.text.err}`;
  }

  async killRunner(): Promise<void> {
    if (this.#runner) await killed(this.#runner.child);
  }

  async killServer(): Promise<void> {
    await this.server.stop('SIGKILL');
  }

  async startServer(): Promise<void> {
    this.server = await serve({ dir: this.server.dir, flags: this.#flags });
  }

  /** Processes of jobs: those of deploys themselves, and those that mind them. */
  jobPids(): { readonly deploys: readonly number[]; readonly minders: readonly number[] } {
    const runs = list(this.jobs).flatMap((id) =>
      list(join(this.jobs, id))
        .filter((name) => name.startsWith('run-'))
        .map((name) => join(this.jobs, id, name)),
    );
    const alive = (file: string): number[] =>
      runs.flatMap((run) => {
        const pid = Number(/^\d+/.exec(read(join(run, file)))?.[0] ?? 0);
        return pid > 0 && read(`/proc/${pid}/environ`).includes('TERRITORY_TASK') ? [pid] : [];
      });
    return { deploys: alive('child'), minders: alive('pid') };
  }

  async deploy(asked: Partial<NewDeploy>): Promise<Deploy> {
    const answer = await this.post<Deploy>('/api/v1/deploys', { app: 'shop', ...asked });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json;
  }

  async plan(asked: Partial<NewDeploy>): Promise<Plan> {
    return (await this.post<Plan>('/api/v1/deploys/plan', { app: 'shop', ...asked })).json;
  }

  /** The deploy as it is when it is so; a server that is away is waited for. */
  async once(id: string, isSo: (deploy: Deploy) => boolean, seconds = 60): Promise<Deploy> {
    let last: Deploy | undefined;
    await until(
      async () => {
        try {
          const answer = await this.server.request<Deploy>(`/api/v1/deploys/${id}`);
          // One that has just started does not know it yet.
          if (answer.status !== 200) return false;
          last = answer.json;
        } catch {
          return false; // it is down
        }
        return isSo(last);
      },
      seconds,
      `deploy ${id}`,
    ).catch((error: unknown) => {
      throw new Error(
        `${String(error)}: ${JSON.stringify(last)}\nrunner: ${this.runnerSaid.slice(-3000)}\nserver: ${this.server.logged().slice(-2000)}`,
      );
    });
    return last as Deploy; // `isSo` has seen it
  }

  /** What runs on this machine. */
  instances(): Instances {
    const home = join(this.dir, 'home');
    return openInstances({ home, now: Date.now, onEvent: () => undefined });
  }

  async close(): Promise<void> {
    await this.killRunner();
    const { deploys, minders } = this.jobPids();
    for (const pid of [...deploys, ...minders]) end(pid);
    const instances = this.instances();
    await Promise.all((await instances.list()).map(async ({ wish }) => instances.stop(wish, 0)));
    await this.server.stop('SIGKILL');
    await Promise.all(this.places.map(async ({ front }) => front.stop()));
  }
}

/** Whether a deploy has come to its end. */
export const isOver = ({ state }: Deploy): boolean =>
  !['waiting', 'queued', 'running'].includes(state);

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
