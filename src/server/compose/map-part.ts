import type { Log } from '../../log/log.ts';
import { maxProblems } from '../../rooms/map/problems/find.ts';
import type { Config } from '../config/schema.ts';
import type { MapCounts } from '../introspection/map.ts';
import { FlowDesk } from '../map/flow/flow-desk.ts';
import { mapFile } from '../map/directory.ts';
import { maxSignals } from '../map/live/map-state.ts';
import { viewerLimits } from '../map/live/viewers.ts';
import { MapDesk } from '../map/map-desk.ts';
import { MapRuntime } from '../map/runtime.ts';
import type { HistoryDesk } from '../parts.ts';
import type { AlertsPart } from './alerts-part.ts';
import type { FollowerPart } from './follower-part.ts';
import type { ThreadsPart } from './threads-part.ts';

interface MapPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly view: FollowerPart;
  readonly history: HistoryDesk;
  readonly alerts: AlertsPart;
  readonly threads: ThreadsPart;
  readonly onProblem: (error: unknown) => void;
}

/** Many alerts open at once; the map looks at them together, ms. */
const alertsGatherMs = 50;

/** Of the stream that is further behind, ms; undefined while that is not known. */
function behindOf(lag: ReturnType<FollowerPart['lag']>): number | undefined {
  return lag && Math.max(lag.facts.ms, lag.readings.ms);
}

/** The live map, its desk for the routes, and the times of its streams. */
export class MapPart {
  readonly desk: MapDesk;
  readonly flow: FlowDesk;
  readonly #runtime: MapRuntime;
  readonly #alerts: AlertsPart;
  #gathering: NodeJS.Timeout | undefined;

  constructor(options: MapPartOptions) {
    const { config, log, now, view, history, alerts, threads, onProblem } = options;
    const { data } = config;
    this.#alerts = alerts;
    this.flow = new FlowDesk({ threads: threads.follower, log, now });
    this.#runtime = new MapRuntime({
      log,
      dataDir: data,
      file: mapFile(config),
      now,
      view,
      history,
      behind: () => behindOf(view.lag()),
      onUse: (model) => this.flow.follow(model),
      onProblem,
    });
    this.desk = new MapDesk({
      runtime: this.#runtime,
      log,
      threads: threads.follower,
      now,
      openAlerts: () => (alerts.keeper.ready ? alerts.keeper.state.open : new Map()),
    });
  }

  start(): void {
    this.#alerts.keeper.onChange(() => this.#alertsSoon());
    this.#runtime.start();
  }

  readonly state = (): 'ok' | 'starting' => (this.#runtime.ready ? 'ok' : 'starting');

  /** For the page about Territory itself. */
  readonly counts = (): MapCounts => {
    const { live, recording, recorder, evidence, layout, problems } = this.#runtime;
    return {
      nodes: live.state.model.nodes.size,
      signals: live.state.signals,
      maxSignals,
      signalsForgotten: live.state.forgotten + evidence.counters.refused,
      viewers: live.viewers.count,
      maxViewers: viewerLimits.maxViewers,
      viewersRefused: live.viewers.counters.refused,
      viewersBehind: live.viewers.counters.behind,
      changes: recording.changes.count,
      maxChanges: recording.changes.max,
      changesForgotten: recording.changes.forgotten,
      problems: problems.list.length,
      maxProblems,
      problemsLeft: problems.left,
      written: recorder.counters.written,
      evaluations: live.counters.evaluations,
      longestEvaluationMs: live.counters.longestMs,
      drawings: layout.counters.laidOut,
      flow: this.flow.counts(),
    };
  };

  /** Ends the connections of who follows, so that stopping does not wait for them. */
  hangUp(): void {
    this.#runtime.live.viewers.close();
  }

  /** Before the log is closed. */
  async close(): Promise<void> {
    clearTimeout(this.#gathering);
    await this.#runtime.close();
    await this.flow.close();
  }

  #alertsSoon(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const { keeper } = this.#alerts;
      if (keeper.ready) this.#runtime.alertsChanged(keeper.state.open);
    }, alertsGatherMs);
  }
}
