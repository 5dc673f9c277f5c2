import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type { LifeSettings } from '../../rooms/checks/life.ts';
import { type ChecksCommand, checksRoom } from '../../rooms/checks/room.ts';
import { standingOf } from '../../rooms/checks/standing.ts';
import type { ChecksState } from '../../rooms/checks/state.ts';
import type { AlertDecision } from '../../rules/decision.ts';
import { Keeper } from '../rooms/keeper.ts';
import { AskedThread } from './asked-thread.ts';
import { Blames } from './blames.ts';
import { defineAll } from './define.ts';
import { inputOf } from './feature-desk.ts';
import type { FeatureText } from './features.ts';
import { type FolderContents, readFolder, watchFolder } from './folder.ts';
import { readGood, writeGood } from './good-file.ts';
import type { PlanInput } from './planning.ts';
import { Details } from './recording/details.ts';
import { Recorder } from './recording/recorder.ts';
import type { Releases } from './releases.ts';
import type { FromWorker, RanDetail } from './running/messages.ts';
import { ChecksThread, type Fallen } from './running/thread.ts';
import { StreamDesk, type StreamsOf } from './stream-desk.ts';
import { type PlanTold, emptyTold } from './told.ts';

/** Bounds and times; ms and bytes. */
export interface ChecksLimits {
  readonly memory: number;
  readonly stepTime: number;
  readonly atOnce: number;
  readonly perTarget: number;
  readonly checkpoint: number;
  readonly keepDetails: number;
}

export interface ChecksRuntimeOptions {
  readonly log: Log;
  readonly folder: string;
  /** For what is known of checks, and for the details of runs. */
  readonly stateDir: string;
  readonly detailsDir: string;
  readonly limits: ChecksLimits;
  /** Path of a browser; undefined: it is looked for. */
  readonly browser: string | undefined;
  readonly releases: Releases;
  readonly streams: StreamsOf;
  /** Takes what is decided about alerts; resolves once it is durable. */
  readonly decided: (decisions: readonly AlertDecision[]) => Promise<void>;
  /** The routes of alerts that are open, by check. */
  readonly openAlerts: () => Promise<ReadonlyMap<string, string>>;
  /** What was opened for checks that are no more is to be closed. */
  readonly retired: (known: ReadonlySet<string>) => Promise<void>;
  readonly linkOf: (check: string) => string;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** What the thread last said of itself. */
type Stats = Omit<Extract<FromWorker, { readonly kind: 'stats' }>, 'kind'>;

const notLoaded = 'loading these files of steps does not come to an end, or fills the memory';

/** All checks, running: read from their folder and from the log, run when they are due, recorded. */
export class ChecksRuntime {
  readonly keeper: Keeper<ChecksState, ChecksCommand>;
  readonly details: Details;
  readonly recorder: Recorder;
  readonly asked: AskedThread;
  readonly blames = new Blames();
  readonly stats: Stats = { heapBytes: 0, running: 0, lagP99: undefined };
  readonly #options: ChecksRuntimeOptions;
  readonly #thread: ChecksThread;
  readonly #stream: StreamDesk;
  readonly #goodFile: string;
  #contents: FolderContents = { features: [], settings: undefined, left: [] };
  #inFolder: ReadonlyMap<string, FeatureText> = new Map();
  #told: PlanTold = emptyTold;
  #definitions: ReadonlyMap<string, CheckDefinition> = new Map();
  #good: Readonly<Record<string, string>> = {};
  #features = '';
  /** Why files of steps are not loaded, until one of them is changed. */
  #withoutOwn: string | undefined;
  #isStarted = false;
  #isFolderRead = false;
  #isNeeded = false;
  #isRecording = false;
  #isClosed = false;
  #watch: { readonly stop: () => Promise<void> } | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: ChecksRuntimeOptions) {
    const { log, folder, stateDir, detailsDir, limits, browser, now, onProblem, streams } = options;
    this.#options = options;
    this.#goodFile = join(stateDir, 'good.json');
    this.keeper = new Keeper({ room: checksRoom, log, now, onProblem });
    this.details = new Details({
      dir: detailsDir,
      mostBytes: () => limits.keepDetails,
      onProblem,
    });
    const { memory, stepTime: stepTimeMs, atOnce, perTarget } = limits;
    const bounds = { memory, stepTimeMs, atOnce, perTarget, folder, stateDir, browser };
    this.asked = new AskedThread({ ...bounds, streams, input: () => this.#input() });
    this.#stream = new StreamDesk(streams, (message) => this.#thread.send(message));
    this.#thread = new ChecksThread({
      ...bounds,
      role: 'scheduled',
      onReady: () => this.#plan(),
      onMessage: (message) => this.#hear(message),
      onFallen: (fallen) => this.#fell(fallen),
    });
    const { releases, decided, openAlerts, linkOf } = options;
    this.recorder = new Recorder({
      log,
      stateFile: join(stateDir, 'state'),
      checkpointMs: limits.checkpoint,
      keeper: this.keeper,
      decided,
      openAlerts,
      definitions: () => this.#definitions,
      settingsOf: this.settingsOf,
      releaseAt: ({ application, environment }, at) => releases.at(application, environment, at),
      linkOf,
      onRun: (check) => this.#askAgain(check),
      now,
      onProblem,
    });
  }

  /** Begins to read, to plan and to run; goes on in the background. */
  start(): void {
    const { folder, onProblem } = this.#options;
    this.#isStarted = true;
    this.#good = readGood(this.#goodFile);
    void this.details.open();
    const { reached } = this.keeper.start();
    void reached
      .then(() => {
        if (!this.keeper.ready || this.#isClosed) return;
        this.keeper.onChange(() => this.#featuresChanged());
        this.#watch = watchFolder(folder, async () => this.#reload(), onProblem);
        this.#featuresChanged();
      })
      .catch(onProblem);
  }

  get told(): PlanTold {
    return this.#told;
  }

  /** Whether it is known which checks there are: before that, none is not the same as nothing. */
  get isPlanned(): boolean {
    if (!this.#isStarted) return true;
    return this.#isFolderRead && !(this.#isNeeded && this.#told === emptyTold);
  }

  get definitions(): ReadonlyMap<string, CheckDefinition> {
    return this.#definitions;
  }

  get inFolder(): ReadonlyMap<string, FeatureText> {
    return this.#inFolder;
  }

  get state(): 'ok' | 'starting' | 'restarting' {
    if (!this.keeper.ready || (this.#isNeeded && !this.#isRecording)) return 'starting';
    if (!this.#isNeeded) return 'ok';
    return this.#thread.isRunning ? 'ok' : 'restarting';
  }

  get restarts(): number {
    return this.#thread.restarts;
  }

  /** How the life of a check goes. */
  readonly settingsOf = (check: string): LifeSettings => {
    const { defaults } = this.#told;
    const interval = this.#definitions.get(check)?.interval ?? defaults.every;
    const { attempts, successes, retry, staleAfter, bootGrace, of } = defaults;
    const usual = Math.min(interval, Math.max(10_000, interval / 5));
    return {
      interval,
      policy: {
        maxAttempts: attempts,
        successes,
        retryInterval: retry ?? usual,
        staleAfter,
        bootGrace,
        ...(of ? { of } : {}),
      },
    };
  };

  /** Tells what is left, and writes down what is known. Before alerts and the log are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watch?.stop();
    await this.asked.close();
    if (this.#thread.isRunning) await this.#thread.stop();
    this.#stream.stop();
    await this.#work;
    if (this.#isRecording) await this.recorder.close();
    await this.details.settled();
    await this.keeper.close();
  }

  #reload(): void {
    this.#isFolderRead = true;
    this.#contents = readFolder(this.#options.folder);
    this.#withoutOwn = undefined;
    this.asked.changed();
    this.#inFolder = new Map(this.#contents.features.map((one) => [one.file, one]));
    this.#plan();
  }

  #featuresChanged(): void {
    if (!this.keeper.ready) return;
    const revisions = [...this.keeper.state.features.values()].map((one) => one.revision);
    const features = revisions.join(' ');
    if (features === this.#features) return;
    this.#features = features;
    this.#plan();
  }

  /** There is a thread as soon as there is anything to plan. */
  #plan(): void {
    if (this.#isClosed || !this.#watch) return;
    const { features, settings } = this.#input();
    if (!this.#isNeeded && features.length === 0 && settings.text === undefined) return;
    if (!this.#isNeeded) this.#thread.start();
    this.#isNeeded = true;
    this.#thread.send({ kind: 'plan', input: this.#input(), withoutOwn: this.#withoutOwn });
    this.asked.plan();
  }

  #input(): PlanInput {
    const contents = { ...this.#contents, features: this.#inFolder };
    return inputOf(
      contents,
      this.keeper.ready ? this.keeper.state.features : new Map(),
      this.#good,
    );
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'planned') this.#after(() => this.#planned(message.plan));
    else if (message.kind === 'ran') this.#ran(message);
    else if (message.kind === 'missed')
      this.recorder.take(message.missed.map((missed) => ({ kind: 'missed', missed })));
    else if (message.kind === 'stream') this.#stream.ask(message.id, message.asked);
    else if (message.kind === 'stream-stopped') this.#stream.forget(message.id);
    else if (message.kind === 'stats') {
      const { heapBytes, running, lagP99 } = message;
      Object.assign(this.stats, { heapBytes, running, lagP99 });
    }
  }

  #ran({ run, detail }: Extract<FromWorker, { readonly kind: 'ran' }>): void {
    this.blames.cleared(run.check);
    this.#keepDetail(run, detail);
    this.recorder.take([{ kind: 'run', run }]);
  }

  #keepDetail(run: { check: string; slot: number; state: string }, detail: RanDetail): void {
    this.details.keep(run.check, run.slot, { ...detail, isFailure: run.state !== 'ok' });
  }

  async #planned(told: PlanTold): Promise<void> {
    this.#told = told;
    this.#definitions = new Map(told.definitions.map((one) => [one.id, one]));
    this.#good = told.good;
    writeGood(this.#goodFile, told.good);
    const plan = randomUUID();
    const { now, onProblem } = this.#options;
    await defineAll(this.keeper, this.#definitions, (what) => `${plan}/${what}`).catch(onProblem);
    await this.#options.retired(new Set(this.#definitions.keys()));
    if (!this.#isRecording) await this.recorder.start();
    this.#isRecording = true;
    this.recorder.lives.only(this.#definitions, now());
    this.#schedule();
  }

  #schedule(): void {
    const checks = [...this.#definitions.values()].map(({ id, interval }) => {
      const accounted = this.recorder.accounted(id);
      return { id, interval, ...(accounted === undefined ? {} : { accounted }) };
    });
    const banned = this.blames.banned(this.#definitions);
    this.#thread.send({ kind: 'schedule', checks, banned, suspects: this.blames.suspects });
  }

  #fell(fallen: Fallen): void {
    const { now, onProblem } = this.#options;
    this.#stream.stop();
    if (fallen.isLoading) this.#withoutOwn = notLoaded;
    this.recorder.take(this.blames.fell(fallen, this.#definitions, now()));
    const who = fallen.culprit === undefined ? '' : ` (${fallen.culprit.check})`;
    onProblem(new Error(`the thread of the checks is started again${who}: ${fallen.why}`));
  }

  /** A trouble that may pass is looked at again before it is due. */
  #askAgain(check: string): void {
    const lived = this.recorder.lives.get(check);
    if (!lived) return;
    const { now } = this.#options;
    const settings = this.settingsOf(check);
    const { policy, interval } = settings;
    const { kind, shown } = standingOf(lived.life, settings, now());
    if (kind !== 'soft' || shown === 'pending' || shown === 'ok') return;
    if (policy.retryInterval >= interval) return;
    this.#thread.send({ kind: 'again', check, at: now() + policy.retryInterval });
  }

  #after(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(this.#options.onProblem);
  }
}
