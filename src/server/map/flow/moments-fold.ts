import type { PlacedEvent } from '../../../event/codec.ts';
import { type StreamMarks, marksOf } from '../../../rooms/map/flow/marks.ts';
import type { Moment } from '../../../rooms/map/flow/item.ts';
import { MomentStore } from '../../../rooms/map/flow/moment-store.ts';
import { PatternIndex } from '../../../rooms/map/flow/pattern-index.ts';
import { type WorkKind, workKinds } from '../../../rooms/map/flow/work-kind.ts';
import { workKindSaid } from '../../../rooms/map/flow/work-kind-said.ts';
import type { MapModel } from '../../../rooms/map/model.ts';
import { mentions } from '../../../rooms/thread/mentions.ts';
import { plainName } from '../../../rooms/thread/names.ts';
import { type Said, saidBy } from '../../../rooms/thread/said.ts';
import { type Key, keyOf } from '../../../rooms/thread/thing.ts';

/** How many facts of the streams' stages are kept; the oldest give way. */
export const maxMoments = 200_000;
/** Things of which it is kept what they are done for; the oldest give way. */
export const maxKinds = 200_000;

interface StreamMoments {
  readonly id: string;
  readonly marks: StreamMarks;
  /** Number of its first mark among those of all streams. */
  readonly from: number;
}

const workSubjects: ReadonlySet<string> = new Set([
  'commit',
  'change',
  'pullrequest',
  'mergerequest',
  'ticket',
  'issue',
  'card',
  'case',
  'incident',
  'alert',
]);

/** What the facts say of the stages of a map's streams: a fold of facts, bounded. */
export class MomentsFold {
  readonly streams: readonly StreamMoments[];
  readonly store: MomentStore;
  readonly #index = new PatternIndex();
  /** Things of which it had to be forgotten what they are done for, or which branch they came on. */
  forgotten = 0;
  readonly #branches = new Map<Key, Key>();
  /** What is known of things: when it was said, and the place in `workKinds`, in one number. */
  readonly #kinds = new Map<Key, number>();

  constructor({ streams }: Pick<MapModel, 'streams'>, capacity = maxMoments) {
    this.store = new MomentStore(capacity);
    let from = 0;
    this.streams = streams.map((stream) => {
      const marks = marksOf(stream);
      for (const [at, { on }] of marks.marks.entries()) if (on) this.#index.add(on, from + at);
      const found = { id: stream.id, marks, from };
      from += marks.marks.length;
      return found;
    });
  }

  get kinds(): number {
    return this.#kinds.size;
  }

  add(event: PlacedEvent): void {
    const said = saidBy(event);
    if (!said) return;
    const fits = this.#index.find(said);
    const kind = workSubjects.has(said.subject) ? workKindSaid(said) : 'unknown';
    if (fits.length === 0 && kind === 'unknown') return;
    const key = aboutOf(said);
    if (key === undefined) return;
    if (kind !== 'unknown') this.#tell(key, kind, event.time);
    this.#branch(key, said);
    for (const time of new Set(fits.map((one) => one.time))) {
      const numbers = fits.filter((one) => one.time === time).map(({ number }) => number);
      this.store.add({ key, time, fits: numbers });
    }
  }

  kindOfWork(key: Key): WorkKind {
    const said = this.#kinds.get(key);
    return (said === undefined ? undefined : workKinds[said % 8]) ?? 'unknown';
  }

  /** The branch of a commit that was told of without its parents. */
  branchOf(commit: Key): Key | undefined {
    return this.#branches.get(commit);
  }

  /** The moments of one stream by what they are about. Yields between its steps. */
  *momentsOf({ marks, from }: StreamMoments): Generator<void, Map<Key, Moment[]>> {
    const found = new Map<Key, Moment[]>();
    let seen = 0;
    for (const { key, time, fits } of this.store.all()) {
      if (seen++ % 500 === 0) yield;
      const own = fits.filter((one) => one >= from && one < from + marks.marks.length);
      if (own.length === 0) continue;
      const list = found.get(key) ?? [];
      const thing = list[0]?.thing ?? found.size;
      if (list.length === 0) found.set(key, list);
      for (const one of own) list.push({ time, mark: one - from, thing });
    }
    return found;
  }

  /** Labels may be changed: what was said last counts, whatever comes when. */
  #tell(key: Key, kind: WorkKind, time: number): void {
    const said = Math.max(0, time) * 8 + workKinds.indexOf(kind);
    if (said > (this.#kinds.get(key) ?? -1)) this.#kinds.set(key, said);
    this.forgotten += forgetOldest(this.#kinds);
  }

  #branch(key: Key, { subject, data, attributes, repository }: Said): void {
    const branch = plainName(attributes['vcs.ref.head.name']);
    if (subject !== 'commit' || branch === undefined) return;
    // Who tells of the parents of a commit may come later, or may have come before.
    if (Array.isArray(data['parents']) && data['parents'].length > 0) return;
    const scope = repository === undefined ? '' : `${repository}@`;
    this.#branches.set(key, keyOf('branch', `${scope}${branch.replace(/^refs\/heads\//, '')}`));
    this.forgotten += forgetOldest(this.#branches);
  }
}

/** How many that were. */
function forgetOldest(of: Map<Key, unknown>): number {
  const [oldest] = of.size > maxKinds ? of.keys() : [];
  return oldest !== undefined && of.delete(oldest) ? 1 : 0;
}

/** An alert through all its times is one thing here: each time that it opens is a passage of its own. */
function aboutOf({ event, subject, data }: Said): Key | undefined {
  const alert = subject === 'alert' ? plainName(data['alert']) : undefined;
  return alert === undefined ? mentions(event).about : keyOf('condition', alert);
}
