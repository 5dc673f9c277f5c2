import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnerConfig } from './config/config.ts';
import { runnerErrors } from './errors.ts';
import { FarMachines } from './far/machines.ts';
import { InstanceFacts } from './instance-facts.ts';
import { tryLocked } from './instance/slot-lock.ts';
import { localHost } from './job/local-host.ts';
import { jobEnvironment } from './run-order.ts';
import { runLanes } from './runner.ts';
import { openServer } from './server.ts';
import { tendInstances } from './tend.ts';

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
  const server = openServer(config);
  const facts = new InstanceFacts(server, say);
  const tended = tendInstances(config, { server, facts, say, signal, now });
  const far = new FarMachines(config, { server, facts, say, signal });
  const here = localHost();
  try {
    await runLanes(config, {
      host: (environment) => far.host(environment) ?? here,
      keys: (environment) => far.keys(environment),
      server,
      program,
      environment: (name) => config.environments.find((one) => one.name === name),
      env: jobEnvironment(config, running.env),
      say,
      signal,
      onEnd: () => tended.soon(),
    });
  } finally {
    await Promise.all([tended.close(), far.close()]);
  }
}
