import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import type { RuleProblem } from '../../rules/engine/engine.ts';
import { type CompiledFile, compileRules, ruleFilesIn } from './loading/compile.ts';
import { Deliveries, type DecisionSink } from './deliveries.ts';
import { DirectoryWatch } from './directory-watch.ts';
import { rulesError } from './errors.ts';
import { type FileNews, type FileState, FileStates, type KeptFiles } from './file-states.ts';
import type { FromWorker, Stops, ToWorker, WorkerRule, WorkerStats } from './running/messages.ts';
import { RuleFacts } from './rule-facts.ts';
import { type Blame, RulesThread } from './running/thread.ts';

/** Bounds and times; ms and bytes. */
export interface RulesLimits {
  readonly memory: number;
  readonly turnTime: number;
  readonly checkpoint: number;
}

export interface RulesRuntimeOptions {
  readonly log: Log;
  /** Directory of the log, for the thread to open it by itself. */
  readonly logDir: string;
  /** Where the rule files are; made when it is not there. */
  readonly directory: string;
  /** For what the rules know and for compiled files. */
  readonly stateDir: string;
  readonly limits: RulesLimits;
  readonly sink: DecisionSink;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Told what went wrong beside the rules themselves. */
  readonly onError: (error: unknown) => void;
}

export interface RuntimeCounters {
  readonly emitted: number;
  readonly repeated: number;
  readonly restarts: number;
  /** How often a rule or file broke a bound and was stopped for it. */
  readonly broken: Readonly<Record<Blame['bound'], number>>;
  readonly stats: WorkerStats | undefined;
}

const keptNote = 'rules/files';

/** The rules of a directory, running: compiled, loaded, watched, and started again when they fall. */
export class RulesRuntime {
  readonly #options: RulesRuntimeOptions;
  readonly #files: FileStates;
  readonly #facts: RuleFacts;
  readonly #deliveries: Deliveries;
  readonly #thread: RulesThread;
  readonly #outDir: string;
  readonly #compiling = new AbortController();
  readonly #broken = { time: 0, memory: 0 };
  #stops: Stops = {};
  #stats: WorkerStats | undefined;
  #watch: DirectoryWatch | undefined;
  #hasStarted = false;
  #isCompiling = false;
  #saying: Promise<unknown> = Promise.resolve();

  constructor(options: RulesRuntimeOptions) {
    this.#options = options;
    const { log, logDir, stateDir, limits, sink, now, onError } = options;
    this.#files = new FileStates(log.notes.get(keptNote) as KeptFiles | undefined, now);
    this.#facts = new RuleFacts(log, now);
    this.#outDir = join(stateDir, 'compiled');
    this.#deliveries = new Deliveries({
      log,
      sink,
      onProblem: (what, cause) => onError(new Error(what, { cause })),
    });
    this.#thread = new RulesThread({
      logDir,
      stateFile: join(stateDir, 'state'),
      checkpointMs: limits.checkpoint,
      memory: limits.memory,
      turnTimeMs: limits.turnTime,
      files: () => this.#files.wantedAnew,
      stopped: () => this.#stops,
      onMessage: (message, answer) => this.#hear(message, answer),
      onStart: () => this.#deliveries.restarted(),
      onBlame: (blame) => this.#blame(blame),
      onProblem: (problem) => onError(new Error(problem)),
    });
  }

  /** Compiles and runs; goes on in the background. Throws when the directory can't be made. */
  start(): void {
    const { directory, onError } = this.#options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#removeOld();
    this.#watch = new DirectoryWatch({
      directory,
      onChange: () => this.#compile(),
      onError,
    });
  }

  /** Lets what the rules know be written down, and ends them. */
  async stop(): Promise<void> {
    this.#compiling.abort();
    await this.#watch?.stop();
    await this.#thread.stop();
    await this.#deliveries.stop();
    await this.#saying;
  }

  get files(): readonly FileState[] {
    return this.#files.states;
  }

  get rules(): readonly WorkerRule[] {
    return this.#stats?.rules ?? [];
  }

  get state(): 'ok' | 'starting' | 'restarting' {
    if (!this.#stats) return 'starting';
    return this.#thread.isRunning ? 'ok' : 'restarting';
  }

  counters(): RuntimeCounters {
    const { emitted, repeated } = this.#deliveries;
    const { restarts } = this.#thread;
    const all = repeated + (this.#stats?.repeated ?? 0);
    return { emitted, repeated: all, restarts, broken: this.#broken, stats: this.#stats };
  }

  /** The text of a rule file. Throws TERR_RULES_UNKNOWN. */
  source(file: string): string {
    if (!this.#files.has(file))
      throw rulesError('UNKNOWN', `there is no rule file "${file}"`, { field: 'file' });
    return readFileSync(join(this.#options.directory, file), 'utf8');
  }

  /** Lets a stopped rule go on. Throws TERR_RULES_UNKNOWN, TERR_RULES_UNAVAILABLE. */
  startRule(name: string): void {
    if (!this.rules.some((rule) => rule.name === name))
      throw rulesError('UNKNOWN', `no rule "${name}" is loaded`, { field: 'name' });
    if (!this.#thread.isRunning)
      throw rulesError('UNAVAILABLE', 'the rules are being started again; try in a moment', {
        retryAfter: 1,
      });
    const { [name]: _stopped, ...rest } = this.#stops;
    this.#stops = rest;
    this.#thread.startRule(name);
  }

  async #compile(): Promise<void> {
    const { directory } = this.#options;
    const { signal } = this.#compiling;
    this.#isCompiling = true;
    try {
      const compiled = await compileRules({ directory, outDir: this.#outDir, signal });
      this.#use(compiled);
    } catch (error) {
      if (signal.aborted) return;
      // Without a compiler the files go on as they were.
      const message = error instanceof Error ? error.message : String(error);
      const problemOf = (file: string) => ({ file, line: 1, column: 1, message });
      this.#use(ruleFilesIn(directory).map((file) => ({ file, problems: [problemOf(file)] })));
      throw error;
    } finally {
      this.#isCompiling = false;
    }
  }

  #use(compiled: readonly CompiledFile[]): void {
    this.#say(this.#files.compiled(compiled));
    if (this.#hasStarted) this.#thread.send(this.#files.wanted);
    else this.#thread.start();
    this.#hasStarted = true;
  }

  #hear(message: FromWorker, answer: (message: ToWorker) => void): void {
    switch (message.kind) {
      case 'decided':
        return void this.#deliver(message, answer);
      case 'problem':
        return this.#problem(message.problem);
      case 'swapped':
        return this.#swapped(message);
      case 'stats':
        return this.#hearStats(message.stats);
      case 'leak':
        return void this.#thread.empty(message.rule, message.message);
      case 'trouble':
        return this.#options.onError(new Error(message.message));
      case 'names':
    }
  }

  async #deliver(
    message: Extract<FromWorker, { kind: 'decided' }>,
    answer: (message: ToWorker) => void,
  ): Promise<void> {
    const { seq } = message;
    if (await this.#deliveries.take(message)) answer({ kind: 'durable', seq });
  }

  #hearStats(stats: WorkerStats): void {
    this.#stats = stats;
    const stopped = stats.rules.flatMap(({ name, stat }) =>
      stat?.stopped === undefined ? [] : [[name, stat.stopped] as const],
    );
    this.#stops = Object.fromEntries(stopped);
  }

  #swapped({ files, gone }: Extract<FromWorker, { kind: 'swapped' }>): void {
    this.#say(this.#files.loaded(files));
    this.#deliveries.gone(gone);
    this.#removeOld();
  }

  #blame({ kind, name, bound, why }: Blame): void {
    this.#broken[bound]++;
    if (kind === 'file') return this.#say(this.#files.ban(name, why));
    this.#stops = { ...this.#stops, [name]: why };
    this.#problem({ kind: 'stopped', rule: name, at: this.#options.now(), message: why });
  }

  #problem(problem: RuleProblem): void {
    this.#after(() => this.#facts.problem(problem));
  }

  #say(news: readonly FileNews[]): void {
    for (const one of news)
      this.#after(() =>
        one.kind === 'loaded'
          ? this.#facts.loaded(one.file, one.digest)
          : this.#facts.rejected(one.file, one.problem),
      );
    if (news.length > 0) this.#after(() => this.#options.log.notes.set(keptNote, this.#files.kept));
  }

  #after(work: () => Promise<void>): void {
    this.#saying = this.#saying.then(work).catch(this.#options.onError);
  }

  /** Compiled files that nobody uses any more. */
  #removeOld(): void {
    if (this.#isCompiling || !existsSync(this.#outDir)) return;
    const used = [...Object.values(this.#files.kept.good), ...this.#files.wantedAnew].map(
      ({ module = '' }) => module,
    );
    const old = readdirSync(this.#outDir).filter(
      (name) => name.startsWith('v-') && !used.some((module) => module.includes(`/${name}/`)),
    );
    for (const name of old)
      rm(join(this.#outDir, name), { recursive: true, force: true }).catch(this.#options.onError);
  }
}
