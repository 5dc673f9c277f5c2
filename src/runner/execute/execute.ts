import { join } from 'node:path';
import { readConfig } from '../config/read.ts';
import { runnerErrors } from '../errors.ts';
import { locked } from '../instance/slot-lock.ts';
import { Masking } from '../job/masking.ts';
import { carryOut, wordsOf } from './deploy.ts';
import { type Ending, putJson, readDeploy, readEnding, readIfThere } from './folder.ts';
import { JournalFile, ownPart } from './journal.ts';
import { composeParts } from './parts.ts';
import { Progress } from './progress.ts';
import { recover } from './recover.ts';
import { Cancelled, type Work } from './work.ts';

/** ms between two looks whether the runner told something. */
const tellEvery = 200;

/** What the process of a deploy gets from around it. */
export interface Executing {
  /** Bring one to its end whose process was killed. */
  readonly recover: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The process is to end, and to touch nothing more. */
  readonly stop: AbortSignal;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Takes the lines of the log, each with its end; no secret is in them. */
  readonly write: (line: string) => void;
}

/**
 * Carries out what the folder of a deploy orders, in this process, to its end; how it ended stands
 * in `end.json`. Throws TERR_RUNNER_ORDER, and whatever it was stopped with: then there is no end.
 */
export async function executeDeploy(folder: string, how: Executing): Promise<Ending> {
  // Whoever was taken for dead may not be.
  return locked(join(folder, 'deploy'), async () => alone(folder, how));
}

async function alone(folder: string, how: Executing): Promise<Ending> {
  const journal = new JournalFile(folder, how.now);
  const isNew = journal.last(ownPart, 'begin') === undefined;
  if (!how.recover && !isNew) throw runnerErrors('ORDER', `${folder} was begun before: --recover`);
  let work: Work;
  const timer = new AbortController();
  try {
    work = open(folder, { ...how, journal }, timer.signal);
  } catch (error) {
    // Nothing was touched, so that is how it ended, and needs no recovery.
    if (!isNew || readEnding(folder)) throw error;
    const ending = { result: 'failed', reason: wordsOf(error).slice(0, 2000) } as const;
    putJson(folder, 'end.json', ending);
    return ending;
  }
  try {
    return await (how.recover ? recover(work) : carryOut(work));
  } finally {
    timer.abort();
    work.progress.close();
    journal.close();
  }
}

function open(
  folder: string,
  { env, stop, now, write, journal }: Executing & { readonly journal: JournalFile },
  over: AbortSignal,
): Work {
  const { order, config: file } = readDeploy(folder);
  const config = readConfig(file, env);
  const environment = config.environments.find(({ name }) => name === order.environment);
  if (!environment)
    throw runnerErrors('ORDER', `${file} has no environment ${order.environment} any more`);
  const log = new Log(environment.secrets, now, write);
  return {
    folder,
    order,
    environment,
    parts: composeParts(config, environment, { now, say: log.say }),
    journal,
    progress: new Progress(folder, now),
    say: log.say,
    hide: log.hide,
    stop,
    cancel: cancelOf(folder, over),
    bad: () => readIfThere(folder, 'bad')?.trim(),
  };
}

/** Aborts when the runner puts the file `cancel` into the folder. */
function cancelOf(folder: string, over: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setInterval(() => {
    const reason = readIfThere(folder, 'cancel');
    if (reason === undefined) return;
    clearInterval(timer);
    controller.abort(new Cancelled(reason.trim()));
  }, tellEvery);
  over.addEventListener('abort', () => clearInterval(timer));
  return controller.signal;
}

/** Lines with their times, UTC; no secret is in them. */
class Log {
  readonly #secrets: string[];
  readonly #now: () => number;
  readonly #write: (line: string) => void;

  constructor(secrets: readonly string[], now: () => number, write: (line: string) => void) {
    this.#secrets = [...secrets];
    this.#now = now;
    this.#write = write;
  }

  readonly hide = (secrets: readonly string[]): void => void this.#secrets.push(...secrets);

  readonly say = (text: string): void => {
    const at = new Date(this.#now()).toISOString().slice(11, 19);
    const masking = new Masking(this.#secrets);
    const bytes = Buffer.concat([masking.take(Buffer.from(`${at} ${text}\n`)), masking.end()]);
    this.#write(bytes.toString());
  };
}
