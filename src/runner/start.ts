import type { RunnerConfig } from './config/config.ts';
import type { InstanceEvent } from './instance/instance.ts';
import { openInstances } from './instance/open-instances.ts';
import { superviseInstances } from './instance/supervisor.ts';
import { localHost } from './job/local-host.ts';
import { Rounds } from './rounds.ts';
import { runLanes } from './runner.ts';
import { openServer } from './server.ts';

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

/** Runs a runner until `signal` aborts. Throws TERR_RUNNER_JOB where jobs can not be run. */
export async function startRunner(config: RunnerConfig, running: Running): Promise<void> {
  const { say, signal, now, program } = running;
  const server = openServer(config);
  const onEvent = (event: InstanceEvent): void =>
    say(`${event.app}@${event.environment}/${event.slot}: ${event.text}`);
  const rounds = new Rounds({
    config,
    instances: openInstances({ home: config.home, now, onEvent }),
    server,
    say,
    signal,
    now,
  });
  const looking = rounds.run();
  const supervisor = superviseInstances({
    home: config.home,
    now,
    random: Math.random,
    onEvent,
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
    await looking;
  }
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
