import type { PlacedEvent } from '../../event/codec.ts';
import { saidBy } from '../thread/said.ts';
import { type EventNames, namesOf } from './bind/names.ts';
import type { Seen } from './seen.ts';

/** Combinations of names that are held. */
export const maxSeenFacts = 20_000;

/** Subjects of which there are few, and each a place: they are told apart. */
const places: ReadonlySet<string> = new Set(['service', 'environment', 'branch', 'repository']);

type Entry = { -readonly [K in keyof Seen]: Seen[K] };

/**
 * Under which names facts came. Subjects that are counted (`change/12`, a sha, a uuid) are one
 * combination, shown with the last of them; those of services and environments are told apart.
 * Beyond the bound the tenth that was seen longest ago is forgotten.
 */
export class SeenFacts {
  /** Combinations that had to be forgotten. */
  forgotten = 0;
  readonly #max: number;
  readonly #entries = new Map<string, Entry>();

  constructor(max = maxSeenFacts) {
    this.#max = max;
  }

  /** Goes on from what was listed before. */
  static from(listed: readonly Seen[], max = maxSeenFacts): SeenFacts {
    const seen = new SeenFacts(max);
    for (const one of listed.slice(-max)) seen.#entries.set(keyOf(one), { ...one });
    return seen;
  }

  get size(): number {
    return this.#entries.size;
  }

  get max(): number {
    return this.#max;
  }

  /** Takes one fact more. Total: any other event changes nothing. */
  add(event: PlacedEvent): void {
    const said = saidBy(event);
    if (!said) return;
    const names = namesOf(event);
    const type = `${said.subject}.${said.predicate}`;
    const key = keyOf({ ...names, type });
    const { time, offset } = event;
    const known = this.#entries.get(key);
    if (!known) {
      if (this.#entries.size >= this.#max) this.#forget();
      const entry = { stream: 'facts', ...names, type, first: time, last: time, count: 1, offset };
      this.#entries.set(key, entry as Entry); // its stream is one of the two
      return;
    }
    known.count++;
    known.first = Math.min(known.first, time);
    if (time < known.last) return;
    known.last = time;
    known.offset = offset;
    if (names.subject !== undefined) known.subject = names.subject;
  }

  /** In the order in which they came first. */
  list(): readonly Seen[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  #forget(): void {
    const oldest = [...this.#entries].toSorted(([, a], [, b]) => a.last - b.last);
    const many = Math.max(1, Math.ceil(this.#max / 10));
    for (const [key] of oldest.slice(0, many)) this.#entries.delete(key);
    this.forgotten += many;
  }
}

/** What is told apart; a type is `<subject>.<predicate>`. */
function keyOf(one: EventNames & Pick<Seen, 'type'>): string {
  const { source, service, namespace, environment, host, repository, subject, type } = one;
  const about = type.slice(0, type.indexOf('.'));
  const shape = subject === undefined ? '' : shapeOf(about, subject);
  return [source, service, namespace, environment, host, repository, shape, type].join('\0');
}

/** A subject without what counts: `change/*` of `change/12`. */
function shapeOf(about: string, subject: string): string {
  if (places.has(about)) return subject;
  const slash = subject.indexOf('/');
  const kind = slash < 0 ? '' : subject.slice(0, slash + 1);
  const name = subject.slice(kind.length);
  return kind + (/\d|^[0-9a-f-]{7,}$/i.test(name) ? '*' : name);
}
