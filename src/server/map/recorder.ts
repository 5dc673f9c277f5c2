import { CodedError } from '../../errors/coded-error.ts';
import { checkDraft } from '../../event/check.ts';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import {
  type Change,
  type Declaration,
  declaredFact,
  foundFact,
  healthFacts,
  mapSource,
  resolvedFact,
  watchedFact,
} from '../../rooms/map/facts.ts';
import type { Health } from '../../rooms/map/health.ts';
import type { MapRecording } from '../../rooms/map/recording.ts';
import type { MapProblem } from '../../rooms/map/seen.ts';
import { mapError } from './errors.ts';

interface RecorderOptions {
  readonly log: Log;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/**
 * Writes down as facts what the map was and how it was. Changes of health are collected for as long
 * as the caller waits between two writes, and what is as it was before in the end is not written.
 */
export class Recorder {
  readonly counters = { written: 0, failed: 0 };
  readonly #options: RecorderOptions;
  readonly #pending = new Map<string, Change>();
  /** How each was written down last. */
  readonly #last = new Map<string, States>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** What was recorded before goes on from there. */
  resume({ changes }: MapRecording): void {
    for (const id of changes.ids()) {
      const last = changes.lastOf(id);
      if (last) this.#last.set(id, last);
    }
  }

  /** Collects changes for the next write. */
  note(changes: readonly Change[]): void {
    for (const change of changes) this.#pending.set(change.id, change);
  }

  /** Writes what was collected; what the log does not take is kept for the next time. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      const changes = [...this.#pending.values()].flatMap((change) => this.#changed(change));
      const taken = new Map(this.#pending);
      try {
        await this.#append(healthFacts(changes, this.#options.now()));
        for (const { id, health } of changes) this.#last.set(id, statesOf(health));
        this.#settle(taken);
      } catch (error) {
        // What is no fact today is none tomorrow; what the log refuses now it may take later.
        if (error instanceof CodedError && error.code === 'TERR_MAP_INVALID') this.#settle(taken);
        throw error;
      }
    });
  }

  /** Writes that health is recorded from now on, and was not since `silentSince`, ms. */
  watched(silentSince: number): Promise<void> {
    return this.#inTurn(() => this.#append([watchedFact(silentSince, this.#options.now())]));
  }

  /** Writes that another map is in use. Throws TERR_MAP_INVALID when it is too large for a fact. */
  declare(declaration: Declaration): Promise<void> {
    return this.#inTurn(() => this.#append([declaredFact(declaration, this.#options.now())]));
  }

  /** Writes which problems are there now and were not, and the other way round. */
  problems(found: readonly MapProblem[], resolved: readonly MapProblem[]): Promise<void> {
    const now = this.#options.now();
    const facts = [
      ...found.map((one) => foundFact(one, now)),
      ...resolved.map((one) => resolvedFact(one, now)),
    ];
    return this.#inTurn(() => this.#append(facts));
  }

  /**
   * What is to be written of a change: it begins where the last one that was written ended, whatever
   * was between, and after a restart as well.
   */
  #changed(change: Change): Change[] {
    const last = this.#last.get(change.id);
    if (last && signature(last) === signature(change.health)) return [];
    return [{ ...change, from: last?.shown ?? 'no-evidence' }];
  }

  /** What came while it was written is for the next time. */
  #settle(taken: ReadonlyMap<string, Change>): void {
    for (const [id, change] of taken)
      if (this.#pending.get(id) === change) this.#pending.delete(id);
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#writing.then(write);
    this.#writing = turn.catch(() => void this.counters.failed++);
    return turn;
  }

  async #append(drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) return;
    const checked = drafts.map((draft) => {
      const one = checkDraft(draft, defaultLimits, this.#options.now());
      if ('draft' in one) return one.draft;
      throw mapError('INVALID', one.refusal.message, { field: one.refusal.field });
    });
    const { facts } = encodeDrafts(checked, mapSource);
    if (!facts) return;
    await this.#options.log.append('facts', facts);
    this.counters.written += facts.count;
  }
}

type States = Pick<Health, 'observed' | 'inferred' | 'shown' | 'contradiction'>;

const statesOf = ({ observed, inferred, shown, contradiction }: States): States => ({
  observed,
  inferred,
  shown,
  contradiction,
});

const signature = ({ observed, inferred, shown, contradiction }: States): string =>
  `${observed} ${inferred} ${shown} ${contradiction}`;
