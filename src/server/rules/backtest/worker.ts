import { basename } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../../errors/coded-error.ts';
import { stepBack } from '../../../launch/priority.ts';
import { openLmdbLog } from '../../../log/lmdb/lmdb-log.ts';
import { type BacktestOptions, backtest, readRange } from '../../../rules/backtest/backtest.ts';
import type { RulePlan } from '../../../rules/language/plan.ts';
import type {
  BacktestStart,
  FromBacktest,
  HistoryPage,
  LoadableFile,
  PageRequest,
} from './messages.ts';
import { backtestError } from './errors.ts';
import { rulesError } from '../errors.ts';
import { HistoryReadings } from './history-readings.ts';
import { loadRuleFile } from '../loading/load.ts';
import { Recording } from './recording.ts';

const tellEveryMs = 400;

/** The thread of one backtest: loads the rules, reads the recording, answers the result as JSON. */
class BacktestThread {
  readonly #port: MessagePort;
  readonly #start: BacktestStart;
  #toldAt = 0;

  constructor(port: MessagePort, start: BacktestStart) {
    this.#port = port;
    this.#start = start;
  }

  async run(): Promise<void> {
    // The rules that run and what is acknowledged go first.
    stepBack('thread', 10);
    try {
      this.#tell({ kind: 'result', json: await this.#result() });
    } catch (error) {
      const coded = error instanceof CodedError ? error : undefined;
      const { file, line, column } = coded?.details ?? {};
      this.#tell({
        kind: 'failed',
        code: coded?.code,
        message: error instanceof Error ? error.message : String(error),
        details: {
          ...(file === undefined ? {} : { file }),
          ...(line === undefined ? {} : { line }),
          ...(column === undefined ? {} : { column }),
        },
      });
    }
    this.#port.close();
  }

  async #result(): Promise<string> {
    const { logDir, from, to, noHistory } = this.#start;
    const options: BacktestOptions = { from, to, ...(await this.#rules()) };
    const { warmFrom, until } = readRange(options);
    // The rules are good: who waits is told before a long log is looked through.
    this.#tell({ kind: 'progress', part: 0, events: 0, received: warmFrom });
    const log = await openLmdbLog({ dir: logDir, role: 'reader', now: Date.now });
    try {
      const recording = new Recording({
        log,
        range: { from, to },
        read: { from: warmFrom, to: until },
        history:
          noHistory === undefined
            ? new HistoryReadings((request) => this.#page(request))
            : undefined,
        noHistory: noHistory ?? '',
      });
      const onProgress = (events: number, received: number): void => {
        const now = performance.now();
        if (now < this.#toldAt + tellEveryMs) return;
        this.#toldAt = now;
        const part = Math.max(0, Math.min(1, (received - warmFrom) / (until - warmFrom)));
        this.#tell({ kind: 'progress', part, events, received });
      };
      const given = { ...options, onProgress };
      return JSON.stringify(await backtest(recording.batches(), given, () => recording.report()));
    } finally {
      await log.close();
    }
  }

  async #rules(): Promise<Pick<BacktestOptions, 'plans' | 'against'>> {
    const { files, only, against } = this.#start;
    const wanted = (plan: RulePlan): boolean => only === undefined || only.includes(plan.name);
    const plans = (await loadAll(files)).map(({ plan }) => plan).filter(wanted);
    if (plans.length === 0)
      throw backtestError(
        'NONE',
        only === undefined ? 'there is no rule' : `there is no rule ${only.join(' or ')}`,
      );
    if (!against) return { plans };
    const { name, counterpart } = against;
    const names = new Set(plans.map((plan) => plan.name));
    const others = (await loadAll(against.files))
      .filter(
        ({ plan, file }) =>
          counterpart === undefined || basename(file) === counterpart || names.has(plan.name),
      )
      .map(({ plan }) => plan)
      .filter(wanted);
    return { plans, against: { name, plans: others } };
  }

  #page(request: PageRequest): Promise<HistoryPage> {
    return new Promise((resolve) => {
      this.#port.once('message', resolve);
      this.#tell(request);
    });
  }

  #tell(message: FromBacktest): void {
    this.#port.postMessage(message);
  }
}

/** The rules of files. Throws TERR_RULES_LOAD, also for a name that two files have. */
async function loadAll(
  files: readonly LoadableFile[],
): Promise<readonly { readonly plan: RulePlan; readonly file: string }[]> {
  const all: { plan: RulePlan; file: string }[] = [];
  for (const { module, file } of files)
    // oxlint-disable-next-line no-await-in-loop -- one at a time: rules are collected by file
    for (const plan of await loadRuleFile(module, file)) {
      const other = all.find((one) => one.plan.name === plan.name);
      if (other)
        throw rulesError('LOAD', `there is a rule "${plan.name}" in ${other.file} already`, {
          file,
          line: plan.line,
          column: 1,
        });
      all.push({ plan, file });
    }
  return all;
}

if (parentPort) await new BacktestThread(parentPort, workerData as BacktestStart).run();
