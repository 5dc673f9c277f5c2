import type { PlacedEvent } from '../../event/codec.ts';
import { RecordedChanges } from './changes.ts';
import { mapFactOf } from './facts.ts';
import type { MapProblem } from './seen.ts';

/** A declared map, as the recording holds it; the fact at `offset` has its text. */
export interface RecordedVersion {
  readonly hash: string;
  /** ms since the epoch, UTC. */
  readonly time: number;
  readonly by: string;
  readonly offset: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** A time in which nothing was recorded, ms since the epoch. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A problem and the time in which it was open. */
interface PastProblem {
  readonly problem: MapProblem;
  readonly from: number;
  to?: number;
}

/**
 * A time without recording that is no longer than this is bridged, ms: a restart does not make
 * everything begin anew. Over a longer one nobody knows whether it went on.
 */
export const bridgedMs = 5 * 60_000;

const maxVersions = 2_000;
const maxGaps = 10_000;
const maxProblems = 2_000;
const maxPastProblems = 10_000;
/** Ids that a version names; a first map has them all. */
const maxNamed = 500;

/** What the facts say of the map and of its past: a fold of them, in the order of the log. */
export class MapRecording {
  readonly changes: RecordedChanges;
  /** Oldest first. */
  readonly versions: RecordedVersion[] = [];
  readonly gaps: Gap[] = [];
  /** Open ones, by id. */
  readonly problems = new Map<string, MapProblem>();
  readonly #past: PastProblem[] = [];
  /** When health was recorded first. */
  first: number | undefined;

  constructor(changes = new RecordedChanges()) {
    this.changes = changes;
  }

  /** Takes one fact more. Total: any other event changes nothing. */
  add(event: PlacedEvent): void {
    const fact = mapFactOf(event);
    switch (fact?.kind) {
      case 'declared':
        return this.#declare(event, fact.declaration);
      case 'watched':
        return this.#watch(fact.silentSince, event.time);
      case 'health':
        for (const { id, from, health } of fact.changes)
          this.changes.add({ id, from, time: event.time, offset: event.offset, ...health });
        return;
      case 'found':
        return this.#find(fact.problem, event.time);
      case 'resolved':
        return this.#resolve(fact.id, event.time);
      case undefined:
        return;
    }
  }

  /** The map that was in use at a time. */
  versionAt(time: number): RecordedVersion | undefined {
    return this.versions.findLast((version) => version.time <= time);
  }

  /** Whether health was being recorded at a time. */
  isRecorded(time: number): boolean {
    if (this.first === undefined || time < this.first) return false;
    return !this.gaps.some(({ from, to }) => time > from && time < to);
  }

  /**
   * Since when an id is shown as it was at a time, as far as that was recorded; undefined when nothing
   * is known of it.
   */
  since(id: string, time = Number.POSITIVE_INFINITY): number | undefined {
    const since = this.changes.since(id, time);
    if (since === undefined) return undefined;
    const gap = this.gaps.findLast(
      ({ from, to }) => to <= time && to > since && to - from > bridgedMs,
    );
    return gap?.to ?? since;
  }

  /** The problems that were open at a time, as far back as is remembered. */
  problemsAt(time: number): MapProblem[] {
    return this.#past
      .filter(({ from, to }) => from <= time && (to === undefined || to > time))
      .map(({ problem }) => problem);
  }

  #find(problem: MapProblem, time: number): void {
    if (this.problems.has(problem.id)) return;
    if (this.problems.size >= maxProblems) return;
    this.problems.set(problem.id, problem);
    this.#past.push({ problem, from: time });
    if (this.#past.length > maxPastProblems) this.#past.shift();
  }

  #resolve(id: string, time: number): void {
    this.problems.delete(id);
    const past = this.#past.findLast((one) => one.problem.id === id);
    if (past) past.to ??= time;
  }

  #declare(
    { time, offset }: PlacedEvent,
    { hash, by, added, removed, changed }: Omit<RecordedVersion, 'time' | 'offset'>,
  ): void {
    const named = (ids: readonly string[]): readonly string[] => ids.slice(0, maxNamed);
    this.versions.push({
      hash,
      time,
      by,
      offset,
      added: named(added),
      removed: named(removed),
      changed: named(changed),
    });
    if (this.versions.length > maxVersions) this.versions.shift();
  }

  #watch(silentSince: number, time: number): void {
    if (this.first === undefined) this.first = time;
    else if (silentSince < time) this.gaps.push({ from: silentSince, to: time });
    if (this.gaps.length > maxGaps) this.gaps.shift();
  }
}
