import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { CodedError } from '../../errors/coded-error.ts';
import type { RunnerConfig } from '../config/config.ts';
import { runnerErrors } from '../errors.ts';
import { putJson, putWhole, readIfThere, runNamed } from '../execute/folder.ts';
import { InstanceFacts } from '../instance-facts.ts';
import { tryLocked } from '../instance/slot-lock.ts';
import type { Ends } from '../job/command.ts';
import { localHost } from '../job/local-host.ts';
import { jobEnvironment, runOrder } from '../run-order.ts';
import { jobsOf } from '../runner.ts';
import { tendInstances } from '../tend.ts';
import type { FarKnown, FarPut, FarSaid, FarStart } from './said.ts';
import { watchRun } from './watch.ts';

/** ms between signs of life while there is nothing to say: who is gone is noticed by writing. */
const pulse = 15_000;

interface Far extends Ends {
  readonly config: RunnerConfig;
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/**
 * `territory runner far VERB …`, the other end of a runner that reaches this machine by ssh:
 * `start NAME`, `watch NAME RUN` and `tend` until their input ends, `cancel NAME RUN`. NAME is that of
 * the deploy's folder. Answers in lines of JSON. Gives the exit code: 0, or 1 with an `error` line.
 */
export async function farCommand(args: readonly string[], far: Far): Promise<number> {
  const say = sayTo(far);
  try {
    const [verb = 'nothing', name = '', run = ''] = args;
    if (verb === 'tend') await tend(far, say);
    else if (verb === 'start') await start(name, far);
    else if (verb === 'watch') await watch(folderOf(far, name), runOf(run), far);
    else if (verb === 'cancel') {
      const job = runNamed(folderOf(far, name), runOf(run));
      await say({ job: 'cancelled', left: await localHost().cancel(job) });
    } else throw runnerErrors('JOB', `a runner asks for start, watch, cancel or tend, not ${verb}`);
    return 0;
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'TERR_RUNNER_JOB';
    await say({ job: 'error', code, message: (error as Error).message });
    return 1;
  } finally {
    // Standard input would keep the process.
    far.input.destroy();
  }
}

const sayTo =
  ({ print }: Ends) =>
  async (words: FarSaid): Promise<void> =>
    print(`${JSON.stringify(words)}\n`);

function folderOf({ config }: Far, name: string): string {
  if (!/^[^/.][^/]*$/.test(name)) throw runnerErrors('JOB', `"${name}" is no name of a deploy`);
  return join(jobsOf(config), name);
}

function runOf(run: string): number {
  const [, n] = /^run-(\d{1,3})$/.exec(run) ?? [];
  if (n === undefined) throw runnerErrors('JOB', `"${run}" is no run of a deploy`);
  return Number(n);
}

async function start(name: string, far: Far): Promise<void> {
  const { config, program, env } = far;
  const { order, run, recover } = JSON.parse(await text(far.input)) as FarStart;
  const environment = config.environments.find((one) => one.name === order.environment);
  if (!environment)
    throw runnerErrors('ORDER', `${config.file} has no environment ${order.environment}`);
  const folder = folderOf(far, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readIfThere(folder, 'deploy.json') === undefined)
    putJson(folder, 'deploy.json', {
      format: 'territory.deploy/1',
      order,
      config: config.file,
    });
  // The runner elsewhere tells the server; one of this machine must not do it again.
  if (readIfThere(folder, 'told') === undefined) putWhole(folder, 'told', 'by ssh\n');
  const here = { folder, run: runNamed(folder, runOf(run)), recover, program };
  const { secrets } = environment;
  await localHost().start(
    here.run,
    runOrder(order, { ...here, env: jobEnvironment(config, env), secrets }),
  );
  await sayTo(far)({ job: 'started' });
}

async function watch(folder: string, n: number, far: Far): Promise<void> {
  const gone = leaving(far);
  const lines = createInterface({ input: far.input });
  const known = new Promise<FarKnown>((resolve) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as FarKnown | FarPut;
      if (!('put' in said)) return resolve(said);
      if (readIfThere(folder, said.put) === undefined) putWhole(folder, said.put, said.text);
    });
    gone.addEventListener('abort', () => resolve({ progress: 0, log: 0 }));
  });
  const run = runNamed(folder, n);
  await watchRun({ folder, run, known: await known, say: sayTo(far), signal: gone });
}

async function tend(far: Far, say: (words: FarSaid) => Promise<void>): Promise<void> {
  const { config, now } = far;
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  const gone = leaving(far);
  far.input.resume();
  const done = await tryLocked(join(realpathSync(config.home), 'runner'), async () => {
    await say({
      job: 'keys',
      keys: Object.fromEntries(
        config.environments.map(({ name, values }) => [name, Object.keys(values)]),
      ),
    });
    const alive = setInterval(() => void say({ job: 'alive' }), pulse);
    const tell = (words: string): void => void say({ job: 'text', text: words });
    const told = (job: 'evidence' | 'facts') => ({
      send: async (drafts: readonly object[]) => say({ job, drafts } as FarSaid),
    });
    const facts = new InstanceFacts(told('facts'), tell);
    const about = { server: told('evidence'), facts, say: tell, signal: gone, now };
    const tended = tendInstances(config, about);
    await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
    clearInterval(alive);
    await tended.close();
    return true;
  });
  if (!done)
    throw runnerErrors(
      'TAKEN',
      `another runner works in ${config.home} on that machine; end it first`,
    );
}

/** Aborts when the other side is gone. */
function leaving({ input, signal }: Ends): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  input.on('end', leave).on('error', leave).on('close', leave);
  signal.addEventListener('abort', leave, { once: true });
  return gone.signal;
}
