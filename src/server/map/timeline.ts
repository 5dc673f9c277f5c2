import type { Log } from '../../log/log.ts';
import type { RecordedChange } from '../../rooms/map/changes.ts';
import { type HealthState, healthStates } from '../../rooms/map/health.ts';
import type { MapRecording, RecordedVersion } from '../../rooms/map/recording.ts';
import type { MapVersion } from '../api/contract-map.ts';
import type { TimelineAnswer } from '../api/contract-map-detail.ts';
import { readFacts } from '../thread/facts.ts';
import { healthIn } from './past.ts';

/** Parts of a window. */
const maxBuckets = 200;
const defaultLimit = 500;

export interface TimelineAsked {
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly id?: string | undefined;
  readonly limit?: number | undefined;
}

/** What a window of the past has: changes, versions of the map, and where nothing was recorded. */
export async function timelineOf(
  recording: MapRecording,
  log: Log,
  { from, to, id, limit = defaultLimit }: TimelineAsked,
): Promise<TimelineAnswer> {
  const newest: RecordedChange[] = [];
  let count = 0;
  const buckets = new Buckets(recording, from, to);
  for (const change of recording.changes.between(from, to, id)) {
    // It is shown as before: only what is seen or inferred, or the cause, is another.
    if (change.from === change.shown) continue;
    buckets.add(change);
    count++;
    newest.push(change);
    // Cut now and then, so that a year of changes is not held at once.
    if (newest.length >= limit * 2) newest.splice(0, newest.length - limit);
  }
  const shown = newest.slice(-limit);
  return {
    from,
    to,
    first: recording.first ?? null,
    gaps: recording.gaps.filter((gap) => gap.to > from && gap.from < to).map((gap) => ({ ...gap })),
    versions: recording.versions.filter(({ time }) => time >= from && time <= to).map(versionView),
    changes: await changesView(shown, log),
    cut: count > shown.length,
    buckets: buckets.list(),
  };
}

/** Changes with what their facts say of the cause. */
export async function changesView(
  changes: readonly RecordedChange[],
  log: Log,
): Promise<TimelineAnswer['changes']> {
  const facts = await readFacts(
    log,
    changes.map(({ offset }) => offset),
  );
  return changes.map((change) => {
    const { time, id, from, shown: to, offset } = change;
    const because = [...healthIn(facts.get(offset), change).because];
    return { time, id, from, to, because, offset };
  });
}

/** A version as the API shows it. */
export const versionView = (version: RecordedVersion): MapVersion => ({
  ...version,
  added: [...version.added],
  removed: [...version.removed],
  changed: [...version.changed],
});

/** Equal parts of a window: how many changes, and how bad the worst process was. */
class Buckets {
  readonly #from: number;
  readonly #width: number;
  readonly #parts: { readonly time: number; changes: number; worst: HealthState }[];
  /** How the processes are, at the time that is looked at. */
  readonly #now = new Map<string, HealthState>();
  #at = 0;

  constructor({ changes }: MapRecording, from: number, to: number) {
    const count = Math.max(1, Math.min(maxBuckets, Math.floor((to - from) / 1_000)));
    this.#from = from;
    this.#width = Math.max(1, (to - from) / count);
    for (const id of changes.ids()) {
      const last = id.startsWith('process:') ? changes.lastOf(id, from - 1) : undefined;
      if (last) this.#now.set(id, last.shown);
    }
    const worst = worstOf(this.#now.values());
    this.#parts = Array.from({ length: count }, (_, i) => ({
      time: Math.round(from + i * this.#width),
      changes: 0,
      worst,
    }));
  }

  add({ id, time, shown }: RecordedChange): void {
    const at = Math.min(this.#parts.length - 1, Math.floor((time - this.#from) / this.#width));
    this.#carry(at);
    const part = this.#parts[at];
    if (!part) return;
    part.changes++;
    if (!id.startsWith('process:')) return;
    this.#now.set(id, shown);
    part.worst = worstOf([part.worst, shown]);
  }

  list() {
    this.#carry(this.#parts.length - 1);
    return this.#parts;
  }

  /** What holds goes on holding until something changes. */
  #carry(to: number): void {
    const worst = worstOf(this.#now.values());
    for (let at = this.#at + 1; at <= to; at++) {
      const part = this.#parts[at];
      if (part) part.worst = worst;
    }
    this.#at = Math.max(this.#at, to);
  }
}

/** `no-evidence` only where nothing else is known. */
function worstOf(states: Iterable<HealthState>): HealthState {
  const known = [...states].filter((state) => state !== 'no-evidence');
  const ranks = known.map((state) => healthStates.indexOf(state));
  return ranks.length === 0 ? 'no-evidence' : (healthStates[Math.max(...ranks)] ?? 'no-evidence');
}
