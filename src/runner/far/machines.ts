import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';
import type { RunnerConfig } from '../config/config.ts';
import { wordsOf } from '../execute/deploy.ts';
import type { InstanceFacts } from '../instance-facts.ts';
import type { JobHost } from '../job/job.ts';
import type { RunnerServer } from '../server.ts';
import { type SshPlace, openSession } from '../ssh/connection.ts';
import { mirroredHost } from './mirror.ts';
import type { FarSaid } from './said.ts';

interface Parts {
  readonly server: Pick<RunnerServer, 'send'>;
  readonly facts: InstanceFacts;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Sockets have paths of at most 107 bytes, of which ssh takes 60 for itself. */
const longestFolder = 45;

/** The machines that a runner reaches by ssh: its hands there, and what it hears from there. */
export class FarMachines {
  readonly #hosts = new Map<string, JobHost>();
  readonly #keys = new Map<string, readonly string[] | 'away'>();
  readonly #listening: readonly Promise<void>[];
  readonly #parts: Parts;

  constructor(config: RunnerConfig, parts: Parts) {
    this.#parts = parts;
    const control = join(config.home, 'ssh');
    if (config.environments.some(({ ssh }) => ssh))
      mkdirSync(control, { recursive: true, mode: 0o700 });
    const places = new Map<string, { readonly place: SshPlace; readonly names: string[] }>();
    for (const { name, ssh } of config.environments) {
      if (!ssh) continue;
      const kept = control.length <= longestFolder ? { control: join(control, '%C') } : {};
      const place = { ...ssh, options: { ...ssh.options, ...kept } };
      const key = JSON.stringify(place);
      const known = places.get(key) ?? { place, names: [] };
      known.names.push(name);
      places.set(key, known);
      this.#hosts.set(name, mirroredHost(place));
      this.#keys.set(name, 'away');
    }
    this.#listening = [...places.values()].map(async (one) => this.#listen(one));
  }

  /** Undefined for an environment of this machine. */
  host(environment: string): JobHost | undefined {
    return this.#hosts.get(environment);
  }

  /** Names of the configuration keys that have a value there; undefined as above. */
  keys(environment: string): readonly string[] | 'away' | undefined {
    return this.#keys.get(environment);
  }

  /** Resolves when the signal has aborted and nobody listens any more. */
  async close(): Promise<void> {
    await Promise.all(this.#listening);
  }

  async #listen(one: {
    readonly place: SshPlace;
    readonly names: readonly string[];
  }): Promise<void> {
    const { say, signal } = this.#parts;
    const { place, names } = one;
    const backoff = new Backoff();
    let trouble: string | undefined;
    while (!signal.aborted) {
      const session = openSession<FarSaid>(place, ['tend'], undefined);
      const leave = (): void => session.leave();
      signal.addEventListener('abort', leave, { once: true });
      try {
        // oxlint-disable-next-line no-await-in-loop -- one connection after the other
        for await (const said of session.answers) await this.#take(said, one); // oxlint-disable-line no-await-in-loop -- in their order
      } catch (error) {
        if (signal.aborted) return;
        if (wordsOf(error) !== trouble) say(`no instances are tended: ${wordsOf(error)}`);
        trouble = wordsOf(error);
      } finally {
        signal.removeEventListener('abort', leave);
        if (names.some((name) => this.#keys.get(name) !== 'away')) {
          backoff.worked();
          trouble = undefined;
        }
        for (const name of names) this.#keys.set(name, 'away');
      }
      await pause(backoff.failed(0), undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- as above
    }
  }

  async #take(
    said: FarSaid,
    { place, names }: { readonly place: SshPlace; readonly names: readonly string[] },
  ): Promise<void> {
    const { server, facts, say, signal } = this.#parts;
    if (said.job === 'error') throw new Error(`${place.target}: ${said.message}`);
    if (said.job === 'text') say(`${place.target}: ${said.text}`);
    if (said.job === 'facts') for (const draft of said.drafts) facts.addFact(draft);
    if (said.job === 'keys') say(`${place.target} is there`);
    if (said.job === 'keys')
      for (const name of names) {
        const keys = said.keys[name];
        if (keys) this.#keys.set(name, keys);
        else say(`${place.target} has no environment ${name} in its runner.yaml`);
      }
    if (said.job === 'evidence')
      // The next look tells it anew.
      await server
        .send(said.drafts, signal)
        .catch((error: unknown) => say(`what runs can not be told: ${wordsOf(error)}`));
  }
}
