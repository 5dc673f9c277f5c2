import type { Order } from '../server/api/contract-deploys.ts';
import type { RunnerConfig } from './config/config.ts';
import type { JobOrder } from './job/job.ts';

/** What of the environment around a job gets, beside the variables that runner.yaml names. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** The environment of jobs. */
export function jobEnvironment(
  { variables }: Pick<RunnerConfig, 'variables'>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const found = [...inherited, ...variables].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

interface Run {
  /** Folder of the deploy. */
  readonly folder: string;
  /** Folder of the run in it. */
  readonly run: string;
  /** Its process was killed: bring it to its end. */
  readonly recover: boolean;
  /** Command line of `territory`, without arguments. */
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** The job that carries out a deploy, or brings it to its end. */
export function runOrder(order: Order, run: Run): JobOrder {
  const { folder, recover, program, env, secrets } = run;
  return {
    id: `${order.id}.${run.run.slice(run.run.lastIndexOf('-') + 1)}`,
    argv: [...program, 'runner', 'execute', folder, ...(recover ? ['--recover'] : [])],
    cwd: folder,
    env,
    secrets,
    limits: { total: order.limits.total * 1000, silence: order.limits.silence * 1000 },
  };
}
