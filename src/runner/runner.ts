import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Order } from '../server/api/contract-deploys.ts';
import { Backoff } from './backoff.ts';
import type { RunnerConfig } from './config/config.ts';
import { wordsOf } from './execute/deploy.ts';
import { type WrittenDeploy, putJson, readDeploy, readEnding } from './execute/folder.ts';
import { type LaneParts, endQuietly, followDeploy } from './lane.ts';
import { Unheard } from './server.ts';

/** ms after a lane could not be followed, before it is tried again. */
const laneAgain = 5_000;
/** ms before the next question after an order that is under way already. */
const known = 500;

/** Where the folders of deploys are. */
export const jobsOf = ({ home }: Pick<RunnerConfig, 'home'>): string => join(home, 'jobs');

/**
 * Asks the server for work and carries it out, several lanes at once, until the signal of `parts`
 * aborts; what is under way then goes on by itself, and the next runner adopts it. Resolves then.
 */
export async function runLanes(config: RunnerConfig, parts: LaneParts): Promise<void> {
  await new Lanes(config, parts).run();
}

class Lanes {
  readonly #config: RunnerConfig;
  readonly #parts: LaneParts;
  /** Deploys under way, by id, in the order in which they came. */
  readonly #active = new Map<string, { readonly order: Order; readonly done: Promise<void> }>();
  readonly #backoff = new Backoff();
  #trouble: string | undefined;

  constructor(config: RunnerConfig, parts: LaneParts) {
    this.#config = config;
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { signal } = this.#parts;
    mkdirSync(jobsOf(this.#config), { recursive: true, mode: 0o700 });
    this.#adopt();
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      await this.#ask().catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (this.#active.size >= this.#config.lanes) await Promise.race(this.#ends());
    }
    await Promise.all(this.#ends());
  }

  #ends(): readonly Promise<void>[] {
    return [...this.#active.values()].map(({ done }) => done);
  }

  /** Deploys whose end the server has not heard. */
  #adopt(): void {
    const untold = this.#folders().flatMap((folder) => {
      const order = existsSync(join(folder, 'told')) ? undefined : orderIn(folder);
      return order ? [{ folder, order }] : [];
    });
    // In one lane the one that was leased last comes last.
    for (const { folder, order } of untold.toSorted((a, b) => a.order.token - b.order.token))
      this.#follow(folder, order);
  }

  #folders(): readonly string[] {
    const jobs = jobsOf(this.#config);
    return readdirSync(jobs).map((name) => join(jobs, name));
  }

  async #ask(): Promise<void> {
    const { server, signal, say } = this.#parts;
    const there = this.#config.environments.flatMap(({ name, values }) => {
      const known = this.#parts.keys(name) ?? Object.keys(values);
      return known === 'away' ? [] : [{ name, keys: [...known] }];
    });
    try {
      const environments = there.map(({ name }) => name);
      const asked = {
        environments,
        keys: Object.fromEntries(there.map((one) => [one.name, one.keys])),
      };
      if (environments.length === 0) return await pause(laneAgain, undefined, { signal });
      const { order } = await server.lease(asked, signal);
      this.#backoff.worked();
      if (this.#trouble !== undefined) say('the server answers again');
      this.#trouble = undefined;
      if (order) await this.#begin(order);
    } catch (error) {
      signal.throwIfAborted();
      const words = wordsOf(error);
      if (words !== this.#trouble) say(`no work from ${this.#config.server}: ${words}`);
      this.#trouble = words;
      const wait = this.#backoff.failed(error instanceof Unheard ? error.retryAfter : 0);
      await pause(wait, undefined, { signal });
    }
  }

  async #begin(order: Order): Promise<void> {
    if (this.#active.has(order.id)) {
      await pause(known, undefined, { signal: this.#parts.signal });
      return;
    }
    const folder = join(jobsOf(this.#config), folderName(order.id));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const written: WrittenDeploy = {
      format: 'territory.deploy/1',
      order,
      config: this.#config.file,
    };
    putJson(folder, 'deploy.json', written);
    this.#follow(folder, order);
  }

  #follow(folder: string, order: Order): void {
    // What the server took away from us may still be at work in the lane.
    const before = [...this.#active.values()].flatMap((one) =>
      isSameLane(one.order, order) ? [one.done] : [],
    );
    const done = Promise.all(before)
      .then(async () => this.#lane(folder, order))
      .finally(() => this.#active.delete(order.id));
    this.#active.set(order.id, { order, done });
  }

  /** Never rejects: what goes wrong with one lane is not in the way of the others. */
  async #lane(folder: string, order: Order): Promise<void> {
    const { signal, say } = this.#parts;
    while (!signal.aborted) {
      try {
        await this.#endBefore(order, folder); // oxlint-disable-line no-await-in-loop -- one try after the other
        await followDeploy(folder, this.#parts); // oxlint-disable-line no-await-in-loop -- as above
        return;
      } catch (error) {
        if (signal.aborted) return;
        say(`${order.id}: can not be followed, and is tried again: ${wordsOf(error)}`);
        await pause(laneAgain, undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- as above
      }
    }
  }

  /**
   * What the server took away from us in this lane was stopped where it was. Now that the lane is
   * ours again, it is brought to its end before anything new is begun on top of it.
   */
  async #endBefore(order: Order, folder: string): Promise<void> {
    for (const other of this.#folders()) {
      if (other === folder || !existsSync(join(other, 'told')) || readEnding(other)) continue;
      const before = orderIn(other);
      if (!before || !isSameLane(before, order)) continue;
      this.#parts.say(
        `${order.id}: ${before.id} was left unfinished in this lane and is ended first`,
      );
      await endQuietly(other, this.#parts); // oxlint-disable-line no-await-in-loop -- one after the other
    }
  }
}

const isSameLane = (a: Order, b: Order): boolean =>
  a.app === b.app && a.environment === b.environment;

function orderIn(folder: string): Order | undefined {
  try {
    return readDeploy(folder).order;
  } catch {
    return undefined;
  }
}

/** Ids are the server's; as a name of a folder nothing in them may lead elsewhere. */
const folderName = (id: string): string => encodeURIComponent(id).replace(/^\./, '%2E');
