import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { haproxy } from './balancer/haproxy.ts';
import type { RunnerConfig } from './config/config.ts';
import { runnerErrors } from './errors.ts';
import { wordsOf } from './execute/deploy.ts';
import { InstanceFacts } from './instance-facts.ts';
import type { InstanceEvent, Instances, Place } from './instance/instance.ts';
import { openInstances } from './instance/open-instances.ts';
import { tryLocked } from './instance/slot-lock.ts';
import { superviseInstances } from './instance/supervisor.ts';
import { localHost } from './job/local-host.ts';
import { Rounds } from './rounds.ts';
import { runLanes } from './runner.ts';
import { openServer } from './server.ts';
import { tidy } from './tidy.ts';

/** What a runner gets from around it. */
export interface Running {
  /** Command line of `territory`, without arguments: jobs are started by it. */
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
  /** Ends the runner; deploys and instances go on. */
  readonly signal: AbortSignal;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** What of the runner's environment a job gets, beside the variables that runner.yaml names. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/**
 * Runs a runner until `signal` aborts. Throws TERR_RUNNER_TAKEN when another one works in the same
 * home, and TERR_RUNNER_JOB where jobs can not be run.
 */
export async function startRunner(config: RunnerConfig, running: Running): Promise<void> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  const home = realpathSync(config.home);
  const done = await tryLocked(join(home, 'runner'), async () => {
    await run(config, running);
    return true;
  });
  if (!done) throw runnerErrors('TAKEN', `another runner works in ${home}; end it first`);
}

async function run(config: RunnerConfig, running: Running): Promise<void> {
  const { say, signal, now, program } = running;
  const { home } = config;
  const server = openServer(config);
  const facts = new InstanceFacts(server, say);
  const onEvent = (event: InstanceEvent): void => {
    facts.add(event);
    say(`${event.app}@${event.environment}/${event.slot}: ${event.text}`);
  };
  const instances = openInstances({ home, now, onEvent });
  const rounds = new Rounds({ config, instances, server, say, signal, now });
  const beside = [rounds.run(), facts.run(signal), tidyNowAndThen(config, instances, running)];
  const supervisor = superviseInstances({
    home,
    now,
    random: Math.random,
    onEvent,
    serves: async (place) => isSentTo(config, instances, place),
  });
  try {
    await runLanes(config, {
      host: localHost(),
      server,
      program,
      environment: (name) => config.environments.find((one) => one.name === name),
      env: environmentOf(config, running.env),
      say,
      signal,
      onEnd: () => rounds.soon(),
    });
  } finally {
    await supervisor.close();
    await Promise.all(beside);
  }
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

function environmentOf(
  { variables }: RunnerConfig,
  env: Running['env'],
): Readonly<Record<string, string>> {
  const found = [...inherited, ...variables].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** ms between two times that what is old is removed. */
const tidyEvery = 3_600_000;

async function tidyNowAndThen(
  config: RunnerConfig,
  instances: Instances,
  { signal, now, say }: Running,
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
