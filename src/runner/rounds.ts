import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { placeOfArtefact } from '../release/store.ts';
import { readRelease } from '../rooms/releases/artefact/canonical.ts';
import type { Release } from '../rooms/releases/artefact/release.ts';
import { evidenceDraft } from '../rooms/where/evidence/evidence.ts';
import { haproxy } from './balancer/haproxy.ts';
import type { EnvironmentConfig, RunnerConfig } from './config/config.ts';
import { wordsOf } from './execute/deploy.ts';
import { storeOf } from './execute/artefacts.ts';
import { machineCollector } from './evidence/collector.ts';
import { blindEvidence } from './evidence/evidence.ts';
import type { InstanceState, Instances } from './instance/instance.ts';
import { openMigrator } from './migrations/open.ts';
import type { Migrator } from './migrations/migrator.ts';
import type { RunnerServer } from './server.ts';
import { valuesKey } from './values/key.ts';
import { resolve } from './values/values.ts';

/** ms between two looks when somebody asked for one. */
const atMostEvery = 1_000;

/** What rounds are made with. */
export interface RoundParts {
  readonly config: RunnerConfig;
  readonly instances: Instances;
  readonly server: Pick<RunnerServer, 'send'>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** Looks at what really runs, again and again, and tells the server. */
export class Rounds {
  readonly #parts: RoundParts;
  readonly #collector;
  #trouble: string | undefined;
  #wake: (() => void) | undefined;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#collector = machineCollector(parts.now);
  }

  /** Something has just changed: the next look is soon. */
  soon(): void {
    this.#wake?.();
  }

  /** Resolves when the signal aborts. */
  async run(): Promise<void> {
    const { signal, config } = this.#parts;
    while (!signal.aborted) {
      await this.#round(); // oxlint-disable-line no-await-in-loop -- one after the other
      await this.#pause(atMostEvery, false); // oxlint-disable-line no-await-in-loop -- as above
      await this.#pause(config.evidenceEvery - atMostEvery, true); // oxlint-disable-line no-await-in-loop -- as above
    }
  }

  async #pause(ms: number, mayWake: boolean): Promise<void> {
    const { signal } = this.#parts;
    if (signal.aborted || ms <= 0) return;
    await new Promise<void>((done) => {
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
        this.#wake = undefined;
        done();
      };
      const timer = setTimeout(over, ms);
      signal.addEventListener('abort', over);
      if (mayWake) this.#wake = over;
    });
  }

  async #round(): Promise<void> {
    const { instances, config, server, signal } = this.#parts;
    try {
      const all = await instances.list();
      const looks = config.environments.flatMap((environment) => {
        const here = all.filter(({ wish }) => wish.environment === environment.name);
        return [...new Set(here.map(({ wish }) => wish.app))].map(async (app) =>
          this.#look(app, environment, here),
        );
      });
      const drafts = await Promise.all(looks);
      if (drafts.length > 0) await server.send(drafts, signal);
      this.#trouble = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const words = wordsOf(error);
      if (words !== this.#trouble) this.#parts.say(`what runs can not be told: ${words}`);
      this.#trouble = words;
    }
  }

  async #look(
    app: string,
    environment: EnvironmentConfig,
    here: readonly InstanceState[],
  ): Promise<object> {
    const { config, now } = this.#parts;
    const every = config.evidenceEvery;
    const databases = migratorsOf(environment);
    try {
      const key = await valuesKey(config.home);
      const evidence = await this.#collector.collect({
        app,
        environment: environment.name,
        every,
        instances: here.filter(({ wish }) => wish.app === app),
        release: async (digest) => releaseIn(config, app, digest),
        front: frontOf(environment, app),
        balancer: environment.balancer && haproxy(environment.balancer.socket),
        databases,
        config: async (release) =>
          Promise.resolve(resolve(release, environment.values, environment.name, key)),
      });
      return evidenceDraft(evidence, hostname());
    } catch (error) {
      const place = { app, environment: environment.name, every };
      return evidenceDraft(blindEvidence(place, wordsOf(error), now()), hostname());
    } finally {
      await Promise.all(Object.values(databases).map(async (one) => one.close()));
    }
  }
}

const migratorsOf = ({ databases }: EnvironmentConfig): Readonly<Record<string, Migrator>> =>
  Object.fromEntries(
    Object.entries(databases).map(([name, place]) => [name, openMigrator(name, place)]),
  );

/** Where customers come in to an application; undefined where nothing is said of it. */
function frontOf({ apps, front }: EnvironmentConfig, app: string): string | undefined {
  return (apps[app]?.front ?? front)?.replaceAll('{app}', encodeURIComponent(app));
}

async function releaseIn(config: RunnerConfig, app: string, digest: string): Promise<Release> {
  const file = join(placeOfArtefact(storeOf(config), app, digest), 'release.json');
  const { release } = readRelease(await readFile(file, 'utf8'));
  if (release) return release;
  throw new Error(`${file} can not be read`);
}
