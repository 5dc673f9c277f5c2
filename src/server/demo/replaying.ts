import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { streamNames, streamOf } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import { newsroomError } from '../../rooms/demo/errors.ts';

/** What became of some recorded events. */
export interface Replayed {
  readonly taken: number;
  /** Why each other one was not. */
  readonly refused: readonly string[];
}

/** Of an event that names no source. */
const source = 'newsroom/recording';

/**
 * Takes events of a recording onto the log as they were, those of Territory's own sources as well: they
 * are the deploys, checks and alerts of the server that was recorded. Only a server that was started
 * for a replay does. Throws TERR_NEWSROOM_NONE, TERR_LOG_….
 */
export class Replaying {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #enabled: boolean;

  constructor({
    log,
    now,
    enabled,
  }: {
    readonly log: Log;
    /** ms since the epoch, UTC. */
    readonly now: () => number;
    /** `demo.replay` */
    readonly enabled: boolean;
  }) {
    this.#log = log;
    this.#now = now;
    this.#enabled = enabled;
  }

  async take(events: readonly unknown[]): Promise<Replayed> {
    if (!this.#enabled)
      throw newsroomError('NONE', 'this server replays no recording: territory demo --replay FILE');
    const drafts: Draft[] = [];
    const refused: string[] = [];
    for (const event of events) {
      const checked = checkDraft(event, defaultLimits, this.#now());
      if ('draft' in checked) drafts.push(checked.draft);
      else refused.push(checked.refusal.message);
    }
    for (const run of runsOf(drafts)) {
      const encoded = encodeDrafts(run, run[0]?.source ?? source);
      for (const stream of streamNames) {
        const lines = encoded[stream];
        // oxlint-disable-next-line no-await-in-loop -- in their order
        if (lines) await this.#log.append(stream, lines);
      }
    }
    return { taken: drafts.length, refused };
  }
}

/**
 * Neighbours of one source, facts before readings: each batch is stamped with who wrote it, since a room
 * folds only what one of its own kind wrote.
 */
function runsOf(drafts: readonly Draft[]): Draft[][] {
  const runs: Draft[][] = [];
  const readings: Draft[] = [];
  for (const draft of drafts) {
    const run = runs.at(-1);
    if (streamOf(draft.type) === 'readings') readings.push(draft);
    else if (run?.[0]?.source === draft.source && run !== undefined) run.push(draft);
    else runs.push([draft]);
  }
  return readings.length > 0 ? [...runs, readings] : runs;
}
