import type { Log } from '../../log/log.ts';
import { declared } from './live/map-state.ts';
import type { Alert } from '../../rooms/alerts/alert.ts';
import { writeDraft } from '../../rooms/map/code/write.ts';
import { draftOf } from '../../rooms/map/draft/draft.ts';
import { simulate, sentenceOf } from '../../rooms/map/health/simulate.ts';
import { type MapFault, type MapModel, emptyMap } from '../../rooms/map/model.ts';
import type { Drawing } from '../../rooms/map/picture/drawing.ts';
import type { MapProblem } from '../../rooms/map/seen.ts';
import { roomError } from '../../rooms/errors.ts';
import type { MapAnswer, MapProblemView } from '../api/contract-map.ts';
import type { NodeDetail, SimulateAnswer, TimelineAnswer } from '../api/contract-map-detail.ts';
import type { MapCheckAnswer, MapDraftAnswer, MapSource } from '../api/contract-map-source.ts';
import type { ThreadFollower } from '../thread/follower.ts';
import { mapError } from './errors.ts';
import { evidenceView, nothingKnown } from './live/health-view.ts';
import { textHash } from './map-file.ts';
import { nodeDetail } from './node-detail.ts';
import type { PastMap } from './past.ts';
import type { MapRuntime } from './runtime.ts';
import { type TimelineAsked, timelineOf, versionView } from './timeline.ts';
import { mapView } from './view.ts';

interface MapDeskOptions {
  readonly runtime: MapRuntime;
  readonly log: Log;
  readonly threads: ThreadFollower;
  readonly openAlerts: () => ReadonlyMap<string, Alert>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** The map as the routes ask it. All throw TERR_ROOM_STARTING until the facts are read. */
export class MapDesk {
  readonly #options: MapDeskOptions;
  #answer:
    | { readonly revision: number; readonly made: number; readonly answer: MapAnswer }
    | undefined;

  constructor(options: MapDeskOptions) {
    this.#options = options;
  }

  get runtime(): MapRuntime {
    const { runtime } = this.#options;
    if (runtime.ready) return runtime;
    throw roomError('STARTING', 'the facts are still being read; try again in a moment', {
      retryAfter: 1,
    });
  }

  readonly model = (): MapModel => this.runtime.live.state.model;

  /** How everything is now. */
  now(): MapAnswer {
    const { live, recording, sli, problems } = this.runtime;
    const now = this.#options.now();
    const known = this.#answer;
    // Who asks in the same second for what has not changed gets the same.
    if (known && known.revision === live.revision && now - known.made < 1_000) return known.answer;
    const { model, health } = live.state;
    const version = recording.versions.at(-1);
    const answer: MapAnswer = {
      ...mapView(model, {
        healthOf: (id) => live.viewOf(id, health.get(id) ?? nothingKnown),
        lastEvent: (id) => problems.lastEvent(id),
        sli: (process) => sli.latest(process),
      }),
      time: now,
      live: true,
      recorded: true,
      revision: live.revision,
      version: version ? versionView(version) : null,
      freshest: live.freshest ?? null,
      problems: this.problems(now),
    };
    this.#answer = { revision: live.revision, made: now, answer };
    return answer;
  }

  /** How everything was at a time, ms since the epoch. */
  async at(time: number): Promise<MapAnswer> {
    const past = await this.#pastAt(time);
    const { model, version, recorded, healthOf } = past;
    const { recording, live } = this.runtime;
    return {
      ...mapView(model, { healthOf, lastEvent: () => undefined, sli: () => undefined }),
      time,
      live: false,
      recorded,
      revision: live.revision,
      version: version ? versionView(version) : null,
      freshest: null,
      problems: recording.problemsAt(time).map((problem) => problemView(problem, time)),
    };
  }

  /** What does not agree, and what is wrong with the file. */
  problems(now = this.#options.now()): MapProblemView[] {
    const { runtime } = this;
    return [
      ...runtime.faults.map((fault) => faultView(fault, now)),
      ...runtime.problems.list.map((problem) => problemView(problem, now)),
    ];
  }

  /** Where everything stands; of the map at a time, where one is given. */
  async drawing(expand: readonly string[] | '*', at: number | undefined): Promise<Drawing> {
    const { layout, live } = this.runtime;
    const model = at === undefined ? live.state.model : (await this.#pastAt(at)).model;
    return layout.drawing(model, expand);
  }

  /** The map of a moment, for pictures. */
  async picture(at: number | undefined) {
    const { live } = this.runtime;
    const time = at ?? this.#options.now();
    if (at === undefined) return { model: live.state.model, health: live.state.health, time };
    const { model, health } = await this.#pastAt(at);
    return { model, health, time };
  }

  /** What would be otherwise if these were down. Throws TERR_MAP_UNKNOWN. */
  simulate(down: readonly string[]): SimulateAnswer {
    const { model, observed } = this.runtime.live.state;
    for (const id of down) this.#here(id);
    const changes = simulate(model, observed, down);
    return {
      down: [...down],
      changes: changes.map((change) => ({
        ...change,
        because: [...change.because],
        title: declared(model, change.id)?.title ?? change.id,
        kind: change.id.startsWith('process:') ? 'process' : 'node',
      })),
      sentence: sentenceOf(model, down, changes),
    };
  }

  timeline(asked: TimelineAsked): Promise<TimelineAnswer> {
    return timelineOf(this.runtime.recording, this.#options.log, asked);
  }

  /** The text of the map as it stands in its file; the one in use where there is none. */
  source(): MapSource {
    const { file, faults } = this.runtime;
    const { text } = file.loaded;
    return {
      file: file.path,
      text: text ?? '',
      hash: textHash(text),
      faults: faults.map((fault) => ({ ...fault })),
      writable: true,
    };
  }

  /** Saves a text. Throws TERR_MAP_INVALID, TERR_MAP_CONFLICT, TERR_MAP_FILE. */
  async save(text: string, was: string, by: string): Promise<MapSource> {
    await this.runtime.file.save(text, was, by);
    return this.source();
  }

  /** What is wrong with a text, as it would stand in the file. */
  async check(text: string): Promise<MapCheckAnswer> {
    const { model = emptyMap, faults } = await this.runtime.file.check(text);
    return {
      faults: faults.map((fault) => ({ ...fault })),
      nodes: model.nodes.size,
      edges: model.edges.length,
      processes: model.processes.size,
    };
  }

  /** A map made of what was seen. */
  async draft(): Promise<MapDraftAnswer> {
    const draft = draftOf(await this.runtime.problems.seen());
    return { text: writeDraft(draft), nodes: draft.nodes.length, edges: draft.edges.length };
  }

  /** What a node's drawer shows. Throws TERR_MAP_UNKNOWN. */
  async node(id: string, until: number | undefined): Promise<NodeDetail> {
    const { runtime } = this;
    const about = this.#here(id);
    const { log, threads, openAlerts } = this.#options;
    const evidence = runtime.live.state.observed.get(id)?.evidence ?? [];
    const detail = await nodeDetail(about, { runtime, log, threads, alerts: openAlerts(), until });
    return { id, evidence: evidence.map(evidenceView), ...detail };
  }

  #here(id: string) {
    const about = declared(this.model(), id);
    if (about) return about;
    throw mapError('UNKNOWN', `the map has no ${id.slice(0, 200)}`, { field: 'id' });
  }

  #pastAt(time: number): Promise<PastMap> {
    return this.runtime.past.at(time);
  }
}

function problemView(problem: MapProblem, now: number): MapProblemView {
  return {
    ...problem,
    evidence: problem.evidence.map((one) => ({ ...one })),
    age: Math.max(0, now - problem.since),
    severity: 'warning',
  };
}

function faultView(
  { severity, message, file, line, column }: MapFault,
  now: number,
): MapProblemView {
  return {
    id: `file/${file}:${line}:${column}`,
    kind: 'file',
    message,
    since: now,
    age: 0,
    severity,
    place: { file, line, column },
    evidence: [],
  };
}
