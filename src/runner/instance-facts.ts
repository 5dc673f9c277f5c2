import { setTimeout as pause } from 'node:timers/promises';
import { hostname } from 'node:os';
import type { Draft } from '../event/event.ts';
import { Backoff } from './backoff.ts';
import { wordsOf } from './execute/deploy.ts';
import type { InstanceEvent } from './instance/instance.ts';
import { type RunnerServer, Unheard } from './server.ts';

/** Facts that wait for a server that is away; the oldest gives way, and it is said. */
const maxWaiting = 500;
/** ms between two sendings. */
const every = 1_000;

/** What of it people will want to know in five years, and its word in the type of the fact. */
const words: Readonly<Partial<Record<InstanceEvent['kind'], string>>> = {
  died: 'died',
  'crash-loop': 'looping',
  recovered: 'recovered',
};

/** The fact of what happened to an instance; undefined when it is none. */
export function instanceFact(event: InstanceEvent, host: string): Draft | undefined {
  const word = words[event.kind];
  if (word === undefined) return undefined;
  const { app, environment, slot, version, at, pid, text } = event;
  return {
    id: ['instance', host, app, environment, slot, word, String(at)]
      .map(encodeURIComponent)
      .join('/'),
    time: at,
    type: `dev.cdeventsx.territory-instance.${word}.0.1.0`,
    subject: `instance/${app}/${environment}/${slot}`,
    service: app,
    environment,
    host,
    attributes: {
      'service.instance.id': slot,
      ...(version !== null && { 'service.version': version }),
    },
    data: { text, pid },
  };
}

/** Tells the server what happened to instances, also what happened while it was away. */
export class InstanceFacts {
  readonly #server: Pick<RunnerServer, 'send'>;
  readonly #say: (text: string) => void;
  readonly #waiting: Draft[] = [];

  constructor(server: Pick<RunnerServer, 'send'>, say: (text: string) => void) {
    this.#server = server;
    this.#say = say;
  }

  add(event: InstanceEvent): void {
    const fact = instanceFact(event, hostname());
    if (fact) this.addFact(fact);
  }

  /** One that another machine made. */
  addFact(fact: Draft): void {
    this.#waiting.push(fact);
    if (this.#waiting.length <= maxWaiting) return;
    this.#waiting.shift();
    this.#say(`more than ${maxWaiting} facts of instances wait for the server: the oldest is lost`);
  }

  /** Sends what waits, again and again, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    while (!signal.aborted) {
      const wait = await this.#send(backoff, signal); // oxlint-disable-line no-await-in-loop -- one after the other
      await pause(wait, undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- as above
    }
  }

  async #send(backoff: Backoff, signal: AbortSignal): Promise<number> {
    const some = this.#waiting.slice(0, 100);
    if (some.length === 0) return every;
    try {
      await this.#server.send(some, signal);
      this.#waiting.splice(0, some.length);
      backoff.worked();
      return every;
    } catch (error) {
      if (error instanceof Unheard) return backoff.failed(error.retryAfter);
      // The same would be refused again.
      this.#waiting.splice(0, some.length);
      if (!signal.aborted) this.#say(`facts of instances were refused: ${wordsOf(error)}`);
      return every;
    }
  }
}
