import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  digestOf,
  readRelease,
  sha256Of,
  writeRelease,
} from '../../rooms/releases/artefact/canonical.ts';
import type { Delivery } from '../../rooms/releases/artefact/delivery.ts';
import { type Release, releaseSchema } from '../../rooms/releases/artefact/release.ts';
import type { InstanceState, InstanceWish } from '../instance/instance.ts';
import { markOf } from '../job/processes.ts';
import { startLine, until, writeApplication } from '../strategy/front.suite.ts';
import type { Ground } from './evidence.ts';

const delivery: Delivery = {
  type: 'bare',
  start: startLine,
  port: null,
  health: { ready: '/healthcheck/ready', version: '/healthcheck/ready#version' },
  owner: null,
  strategy: { kind: 'restart', settle: null, drain: null, keepOld: null },
  promote: { order: [], auto: [] },
  windows: [],
  databases: [],
};

/** A machine's corner with artefacts of one application, and real processes that run from them. */
export class Yard {
  readonly app: string;
  readonly environment = 'production';
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'yard-')));
  readonly #children: ChildProcess[] = [];
  readonly #states = new Map<string, InstanceState>();

  constructor(app = 'shop') {
    this.app = app;
  }

  /** Where the files of a version are. */
  filesOf(version: string): string {
    return join(this.placeOf(version), 'files');
  }

  placeOf(version: string): string {
    return join(this.dir, 'artefacts', this.app, `sha256-of-${version}`);
  }

  /** Makes the artefact of a version: the application and a few files beside it. */
  build(version: string, more: Partial<Release> = {}): Release {
    const folder = this.filesOf(version);
    writeApplication(folder);
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config', 'page.txt'), `page of ${version}\n`);
    writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => ({
        path,
        mode: path === 'run.sh' ? ('100755' as const) : ('100644' as const),
        size: statSync(join(folder, path)).size,
        sha256: sha256Of(readFileSync(join(folder, path))),
      }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const release: Release = {
      schema: releaseSchema,
      app: this.app,
      version,
      digest: digestOf(files),
      source: {
        repo: 'file:///shop',
        path: '',
        commit: 'c',
        tree: 't',
        tag: version,
        dirty: false,
        builtBy: 'test',
        builtAt: '2026-05-01T00:00:00.000Z',
        previous: null,
      },
      files,
      migrations: [],
      config: { keys: [] },
      dependencies: [],
      contracts: [],
      smoke: [],
      needs: [],
      reversible: { value: true, why: [] },
      delivery,
      warnings: [],
      ...more,
    };
    writeFileSync(join(this.placeOf(version), 'release.json'), writeRelease(release));
    return release;
  }

  /** Starts a version in a place as the runner would; the wish for that place is kept. */
  async start(
    slot: string,
    version: string,
    port: number,
    env: Record<string, string> = {},
  ): Promise<InstanceState> {
    const folder = this.filesOf(version);
    const task = `${this.app}/${this.environment}/${slot}`;
    const child = await this.#spawn(version, port, { ...env, TERRITORY_TASK: task });
    const wish: InstanceWish = {
      app: this.app,
      environment: this.environment,
      slot,
      version,
      digest: this.release(version).digest,
      folder,
      start: startLine,
      port,
      env,
      wanted: 'up',
    };
    const state: InstanceState = {
      wish,
      state: 'up',
      process: markOf(child.pid ?? 0),
      restarts: 0,
    };
    this.#states.set(slot, state);
    return state;
  }

  /** Somebody starts a version on a port, and the runner knows nothing of it. */
  async startByHand(version: string, port: number): Promise<ChildProcess> {
    return this.#spawn(version, port, {});
  }

  async kill(slot: string): Promise<void> {
    const pid = this.#states.get(slot)?.process?.pid;
    await this.#end(this.#children.find((child) => child.pid === pid));
  }

  release(version: string): Release {
    const { release } = readRelease(
      readFileSync(join(this.placeOf(version), 'release.json'), 'utf8'),
    );
    if (!release) throw new Error(`${version} was not built`);
    return release;
  }

  ground(more: Partial<Ground> = {}): Ground {
    return {
      app: this.app,
      environment: this.environment,
      every: 1_000,
      instances: [...this.#states.values()],
      release: (digest) => {
        const versions = readdirSync(join(this.dir, 'artefacts', this.app)).map((name) =>
          name.replace('sha256-of-', ''),
        );
        const found = versions.map((one) => this.release(one)).find((one) => one.digest === digest);
        return found ? Promise.resolve(found) : Promise.reject(new Error('it is nowhere'));
      },
      front: undefined,
      balancer: undefined,
      databases: {},
      config: () => Promise.resolve({ env: {}, digest: 'sha256:none' }),
      ...more,
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => this.#end(child)));
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #spawn(version: string, port: number, env: Record<string, string>): Promise<ChildProcess> {
    const child = spawn('sh', ['-c', startLine], {
      cwd: this.filesOf(version),
      env: { PATH: process.env['PATH'], PORT: String(port), SERVICE_VERSION: version, ...env },
      stdio: 'ignore',
      detached: true,
    });
    this.#children.push(child);
    await until(`${version} to listen on ${port}`, () => listens(port));
    return child;
  }

  async #end(child: ChildProcess | undefined): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
