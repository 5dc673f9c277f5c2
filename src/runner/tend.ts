import { setTimeout as pause } from 'node:timers/promises';
import { haproxy } from './balancer/haproxy.ts';
import type { RunnerConfig } from './config/config.ts';
import { wordsOf } from './execute/deploy.ts';
import type { InstanceFacts } from './instance-facts.ts';
import type { InstanceEvent, Instances, Place } from './instance/instance.ts';
import { openInstances } from './instance/open-instances.ts';
import { superviseInstances } from './instance/supervisor.ts';
import { Rounds } from './rounds.ts';
import type { RunnerServer } from './server.ts';
import { tidy } from './tidy.ts';

/** What the instances of a machine are tended with. */
interface Tending {
  /** Takes evidence of what runs. */
  readonly server: Pick<RunnerServer, 'send'>;
  /** Keeps what happened to instances until the server has it. */
  readonly facts: InstanceFacts;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** The instances of a machine while they are tended. */
export interface Tended {
  /** Something has just changed: what runs is looked at soon. */
  readonly soon: () => void;
  /** Once the signal aborted: waits for what is under way. Instances go on. */
  readonly close: () => Promise<void>;
}

/**
 * Keeps the instances of this machine running, looks at what really runs, and removes what is old,
 * until `signal` aborts.
 */
export function tendInstances(config: RunnerConfig, tending: Tending): Tended {
  const { say, signal, now, facts, server } = tending;
  const { home } = config;
  const onEvent = (event: InstanceEvent): void => {
    facts.add(event);
    say(`${event.app}@${event.environment}/${event.slot}: ${event.text}`);
  };
  const instances = openInstances({ home, now, onEvent });
  const rounds = new Rounds({ config, instances, server, say, signal, now });
  const beside = [rounds.run(), facts.run(signal), tidyNowAndThen(config, instances, tending)];
  const supervisor = superviseInstances({
    home,
    now,
    random: Math.random,
    onEvent,
    serves: async (place) => isSentTo(config, instances, place),
  });
  return {
    soon: () => rounds.soon(),
    close: async () => {
      await supervisor.close();
      await Promise.all(beside);
    },
  };
}

/** Whether the balancer sends customers to the instance in a place. */
async function isSentTo(
  { environments }: RunnerConfig,
  instances: Instances,
  { app, environment, slot }: Place,
): Promise<boolean> {
  const socket = environments.find(({ name }) => name === environment)?.balancer?.socket;
  if (socket === undefined) return false;
  const here = (await instances.list(app, environment)).find(({ wish }) => wish.slot === slot);
  const servers = await haproxy(socket).servers(app);
  return servers.some(({ admin, port }) => admin === 'ready' && port === here?.wish.port);
}

/** ms between two times that what is old is removed. */
const tidyEvery = 3_600_000;

async function tidyNowAndThen(
  config: RunnerConfig,
  instances: Instances,
  { signal, now, say }: Tending,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const removed = await tidy(config, instances, now()); // oxlint-disable-line no-await-in-loop -- one after the other
      if (removed.length > 0) say(`removed what is old: ${removed.length} folders`);
    } catch (error) {
      say(`what is old can not be removed: ${wordsOf(error)}`);
    }
    await pause(tidyEvery, undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- as above
  }
}
