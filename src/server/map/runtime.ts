import { join } from 'node:path';
import type { Log } from '../../log/log.ts';
import { compareMaps } from '../../rooms/map/code/compare.ts';
import type { Alert } from '../../rooms/alerts/alert.ts';
import { type MapFault, type MapModel, emptyMap } from '../../rooms/map/model.ts';
import { MapRecording, bridgedMs } from '../../rooms/map/recording.ts';
import type { HistoryDesk, LiveView } from '../parts.ts';
import { readFacts } from '../thread/facts.ts';
import { EvidenceThread } from './evidence/evidence-thread.ts';
import { Heard } from './heard.ts';
import { LayoutDesk } from './layout/layout-desk.ts';
import { AlertSignals } from './live/alert-signals.ts';
import { LiveMap } from './live/live-map.ts';
import { type LoadedMap, MapFile } from './map-file.ts';
import { Past, declarationIn } from './past.ts';
import { ProblemWatch } from './problem-watch.ts';
import { Recorder } from './recorder.ts';
import { SliWatch } from './sli/watch.ts';

/** How far back readings are looked at for evidence at the start, ms; older ones the view still has. */
const lookbackMs = 15 * 60_000;
/** Changes of health are written so often, ms: what was otherwise for less is not recorded. */
const recordEveryMs = 1_000;
/** When the log does not take the first fact of a recording, it is given it again after so long, ms. */
const recordAgainMs = 30_000;
/** How often the view is asked again while it is starting, ms. */
const seedAgainMs = 500;
const maxSeeds = 10_000;
/** Maps of so many nodes are laid out before anybody asks; smaller ones take no time. */
const laidOutAhead = 40;

export interface MapRuntimeOptions {
  readonly log: Log;
  readonly dataDir: string;
  /** Where the map is declared. */
  readonly file: string;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  readonly view: LiveView;
  readonly history: HistoryDesk;
  /** How far history is behind the log, ms. */
  readonly behind: () => number | undefined;
  /** Told of each map that is in use from then on. */
  readonly onUse: (model: MapModel) => void;
  readonly onProblem: (error: unknown) => void;
}

/** The live map: what is declared, how it is, how it was, and what does not agree. */
export class MapRuntime {
  readonly live: LiveMap;
  readonly recording = new MapRecording();
  readonly recorder: Recorder;
  readonly past: Past;
  readonly file: MapFile;
  readonly heard: Heard;
  readonly problems: ProblemWatch;
  readonly layout: LayoutDesk;
  readonly sli: SliWatch;
  readonly evidence: EvidenceThread;
  readonly #options: MapRuntimeOptions;
  readonly #alerts = new AlertSignals();
  #timers: NodeJS.Timeout[] = [];
  #declared = '';
  #faults: readonly MapFault[] = [];
  #ready = false;
  #begun = false;
  #recording = false;
  #closed = false;
  #started: Promise<void> = Promise.resolve();
  readonly #caughtUp = { evidence: false, seeds: false };
  #silentSince: number | undefined;

  constructor(options: MapRuntimeOptions) {
    const { log, now, dataDir, view, history, onProblem } = options;
    this.#options = options;
    this.recorder = new Recorder({ log, now });
    this.live = new LiveMap({ now, onChange: (changes) => this.recorder.note(changes) });
    this.past = new Past(this.recording, log);
    this.file = new MapFile({
      path: options.file,
      onLoad: (loaded, by) => this.#load(loaded, by),
      onProblem,
    });
    this.heard = new Heard({
      log,
      path: join(dataDir, 'map-seen'),
      recording: this.recording,
      onFresh: (received) => this.#fresh(received),
      onProblem,
    });
    this.problems = new ProblemWatch({ runtime: this, view, now, onProblem });
    this.layout = new LayoutDesk({ cacheDir: join(dataDir, 'map-drawings'), onProblem });
    this.sli = new SliWatch({
      desk: history,
      now,
      behind: options.behind,
      onSignal: (_process, signal) => this.live.take([signal]),
      onProblem,
    });
    this.evidence = new EvidenceThread({
      logDir: join(dataDir, 'log'),
      log,
      now,
      lookback: lookbackMs,
      onSignals: ({ signals, freshest }) => {
        if (freshest !== undefined) this.#fresh(freshest);
        this.live.take(signals);
      },
      onCaughtUp: () => this.#reach('evidence'),
      onProblem: (problem) => onProblem(new Error(problem)),
    });
  }

  /** Whether the facts are read and the map is there. */
  get ready(): boolean {
    return this.#ready;
  }

  /** What is wrong with the file as it stands. */
  get faults(): readonly MapFault[] {
    return this.#faults;
  }

  start(): void {
    this.#started = this.#begin().catch(this.#options.onProblem);
  }

  /** The open alerts have changed. */
  readonly alertsChanged = (open: ReadonlyMap<string, Alert>): void => {
    const { signals, over } = this.#alerts.changes(open);
    if (over.length > 0) this.live.drop(over);
    if (signals.length > 0) this.live.take(signals);
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#started;
    await this.file.stop();
    await this.problems.close();
    await this.sli.close();
    await this.evidence.stop();
    this.live.close();
    if (this.#recording) await this.recorder.flush().catch(this.#options.onProblem);
    await this.heard.close();
    await this.layout.close();
  }

  async #begin(): Promise<void> {
    this.#silentSince = await lastReceived(this.#options.log);
    await this.heard.start();
    if (this.#closed) return;
    this.recorder.resume(this.recording);
    await this.#useRecorded();
    await this.file.start();
    this.#ready = true;
    this.evidence.start(metricsOf(this.live.state.model));
    this.sli.start();
    this.#every(recordEveryMs, () => this.#record());
    void this.#seed();
  }

  /** The map that was in use last, should the file not be there or have an error. */
  async #useRecorded(): Promise<void> {
    const last = this.recording.versions.at(-1);
    if (!last) return;
    const fact = (await readFacts(this.#options.log, [last.offset])).get(last.offset);
    const declaration = declarationIn(fact);
    if (declaration) this.#declared = contentOf(declaration.text, declaration.imported);
    this.#use(await this.past.modelOf(last));
  }

  async #load({ text, imported, model, faults }: LoadedMap, by: string): Promise<void> {
    this.#faults = faults;
    if (text === undefined || model === undefined) return;
    const content = contentOf(text, Object.fromEntries(imported));
    if (content === this.#declared) return;
    const before = this.live.state.model;
    const declaration = {
      file: this.file.path.split(/[\\/]/).at(-1) ?? this.file.path,
      text,
      imported: Object.fromEntries(imported),
      hash: model.hash,
      by,
      ...compareMaps(before, model),
    };
    await this.recorder.declare(declaration);
    this.#declared = content;
    if (model.hash !== before.hash || before === emptyMap) this.#use(model);
  }

  #use(model: MapModel): void {
    this.live.use(model);
    this.sli.follow(model);
    this.#options.onUse(model);
    this.evidence.want(metricsOf(model));
    this.problems.soon();
    this.#beginRecording();
    // Who looks first should not wait for it. What fails is tried again, and told, when it is asked for.
    if (model.nodes.size >= laidOutAhead) this.layout.drawing(model, []).catch(() => undefined);
  }

  /** What the view still knows of checks and heartbeats that came before the look back. */
  async #seed(): Promise<void> {
    try {
      const { entries } = await this.#options.view.latest(
        'type = "check" or type = "heartbeat"',
        maxSeeds,
      );
      this.heard.seed(entries, this.live);
      this.#reach('seeds');
    } catch {
      // It is starting; it tells of its own troubles itself.
      if (!this.#closed) this.#timers.push(setTimeout(() => void this.#seed(), seedAgainMs));
    }
  }

  #reach(what: 'evidence' | 'seeds'): void {
    this.#caughtUp[what] = true;
    this.#beginRecording();
  }

  /** From when all is read and there is a map; without one there is nothing to record. */
  #beginRecording(): void {
    const { evidence, seeds } = this.#caughtUp;
    if (!evidence || !seeds || this.#begun || this.live.state.model === emptyMap) return;
    this.#begun = true;
    this.live.evaluate();
    const silentSince = this.#silentSince ?? this.#options.now();
    if (this.#options.now() - silentSince <= bridgedMs) this.#goOn();
    this.recorder.watched(silentSince).then(
      () => {
        this.#recording = true;
        this.problems.start();
      },
      (error: unknown) => {
        this.#options.onProblem(error);
        this.#timers.push(setTimeout(() => this.#beginAgain(), recordAgainMs).unref());
      },
    );
  }

  /** What is as it was before this start is so since then. */
  #goOn(): void {
    for (const [id, { shown }] of this.live.state.health) {
      const last = this.recording.changes.lastOf(id);
      const since = last?.shown === shown ? this.recording.since(id) : undefined;
      if (since !== undefined) this.live.knowSince(id, since);
    }
  }

  #beginAgain(): void {
    this.#begun = false;
    this.#beginRecording();
  }

  #record(): void {
    // What the log does not take now it is given again the next time; it says itself that it is full.
    if (this.#recording) this.recorder.flush().catch(() => undefined);
  }

  #fresh(received: number): void {
    this.live.freshest = Math.max(this.live.freshest ?? 0, received);
  }

  #every(ms: number, act: () => void): void {
    this.#timers.push(setInterval(act, ms).unref());
  }
}

/** When the log took its last batch, ms since the epoch; undefined when it is empty. */
async function lastReceived(log: Log): Promise<number | undefined> {
  const times = await Promise.all(
    (['facts', 'readings'] as const).map(async (stream) => {
      const { first, next } = log.stat(stream);
      if (next <= first) return [];
      for await (const { received } of log.read(stream, next - 1, { skipCorrupt: true }))
        return [received];
      return [];
    }),
  );
  const all = times.flat();
  return all.length === 0 ? undefined : Math.max(...all);
}

/** Names of the metrics that say how nodes are. */
function metricsOf(model: MapModel): string[] {
  const names = [...model.nodes.values()].flatMap(({ limits, replicas }) => [
    ...limits.map(({ metric }) => metric),
    ...(replicas && 'desiredMetric' in replicas
      ? [replicas.desiredMetric, replicas.availableMetric]
      : []),
  ]);
  return [...new Set(names)].toSorted();
}

const contentOf = (text: string, imported: Readonly<Record<string, string>>): string =>
  JSON.stringify([text, Object.entries(imported).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
