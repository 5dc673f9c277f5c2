import { acceptEvent } from './accept.ts';
import type { Lines } from './batch.ts';
import type { Checked } from './check.ts';
import { encodeLine } from './codec.ts';
import { type Draft, type StreamName, streamOf } from './event.ts';
import { IdentityHash } from './identity.ts';
import type { EventLimits } from './limits.ts';
import { ByteRuns } from './scan/byte-runs.ts';
import { at } from './scan/fields.ts';
import { LineScanner } from './scan/scanner.ts';

const LF = Buffer.from('\n');
const factPrefix = Buffer.from('dev.cdevents');
/**
 * Sources that begin so are Territory's own: decisions and what becomes of them have ids that can be
 * guessed, and an event that took one first would make the real one a duplicate.
 */
const ownPrefix = 'territory/';
const ownBytes = Buffer.from(ownPrefix);

/** How many refusals are told in full; all are counted. */
export const maxRefusalsTold = 100;

/** Where a refused event stood: `line` from 1 in NDJSON, `index` from 0 in an array. */
export type Place = { readonly line: number } | { readonly index: number } | undefined;

/** Why one event was not taken, and which one. */
export interface PlacedRefusal {
  readonly line?: number;
  readonly index?: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface GatherOptions {
  /** The source of events that name none. */
  readonly source: string;
  readonly limits: EventLimits;
  /** Ms since the epoch, UTC. */
  readonly now: number;
  /** Asked for each good event; what it gives back refuses the event. */
  readonly forbid?: (type: string, source: string) => PlacedRefusal | undefined;
  /** Looks at each good fact once more, e.g. against its schema, and may add marks to it. */
  readonly markFact?: (fact: Draft) => Draft;
}

/** What came of some events: lines for the log, and what was wrong with the rest. */
export interface Gathered {
  readonly facts?: Lines;
  readonly readings?: Lines;
  /** The first of the refusals. */
  readonly refusals: readonly PlacedRefusal[];
  /** How many were refused, by code. */
  readonly refusedBy: ReadonlyMap<string, number>;
  readonly refused: number;
}

/** Encoded events of one stream and their identities. */
class StreamLines {
  readonly runs = new ByteRuns();
  count = 0;
  #identities = new Uint32Array(16);

  identity(high: number, low: number): void {
    if (this.count * 2 === this.#identities.length) {
      const grown = new Uint32Array(this.count * 4);
      grown.set(this.#identities);
      this.#identities = grown;
    }
    this.#identities[this.count * 2] = high;
    this.#identities[this.count * 2 + 1] = low;
    this.count++;
  }

  lines(source: string): Lines {
    const identities = this.#identities.subarray(0, this.count * 2);
    return { bytes: this.runs.bytes(), count: this.count, source, identities };
  }
}

/**
 * Takes events one by one, plain ones as the bytes they came in, checks them and makes lines of the
 * good ones. One is made for each request.
 */
export class Gathering {
  /** Scans the events that are then given to `plain`. */
  readonly scanner: LineScanner = sharedScanner;
  refused = 0;
  /** The last of the refusals, also when there were too many to tell. */
  lastRefusal: Pick<PlacedRefusal, 'field' | 'message' | 'code'> | undefined;
  readonly #options: GatherOptions;
  readonly #facts = new StreamLines();
  readonly #readings = new StreamLines();
  readonly #refusals: PlacedRefusal[] = [];
  readonly #refusedBy = new Map<string, number>();

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** How many events were given, good and bad. */
  get count(): number {
    return this.#facts.count + this.#readings.count + this.refused;
  }

  /**
   * Takes the event that `scanner` has just found at `start`..`behind`. The byte at `behind` is
   * copied with it when it ends the line. False when it needs a closer look: give it to `draft`.
   */
  plain(bytes: Buffer, start: number, behind: number): boolean {
    const { limits, markFact } = this.#options;
    const typeAt = this.scanner.starts[at.type] ?? 0;
    if (typeAt === 0 || behind - start > limits.eventBytes || !fits(this.scanner, limits))
      return false;
    const fact = isFactType(bytes, typeAt);
    if (fact && markFact !== undefined) return false;
    if (!isTimely(this.scanner.time, fact, this.#options) || this.#isForbidden(bytes)) return false;
    const lines = fact ? this.#facts : this.#readings;
    const ended = bytes[behind] === 0x0a;
    lines.runs.add(bytes, start, ended ? behind + 1 : behind);
    if (!ended) lines.runs.add(LF, 0, 1);
    this.#identify(lines, bytes);
    return true;
  }

  /** Takes one event in any of its JSON shapes, as `JSON.parse` gave it, or refuses it. */
  draft(value: unknown, place: Place): void {
    this.checked(acceptEvent(value, this.#options.limits, this.#options.now), place);
  }

  /** Takes one event that was checked, or refuses it. */
  checked(checked: Checked, place: Place): void {
    const { forbid, markFact, source } = this.#options;
    if ('refusal' in checked) {
      this.refuse(place, checked.refusal);
      return;
    }
    if (checked.draft.source?.startsWith(ownPrefix) === true) {
      this.refuse(place, reserved);
      return;
    }
    const forbidden = forbid?.(checked.draft.type, checked.draft.source ?? source);
    if (forbidden) {
      this.refuse(place, forbidden);
      return;
    }
    const stream: StreamName = streamOf(checked.draft.type);
    const draft = stream === 'facts' && markFact ? markFact(checked.draft) : checked.draft;
    const lines = stream === 'facts' ? this.#facts : this.#readings;
    this.#encoded(lines, draft, draft.source ?? source);
  }

  /** Takes a reading that is surely right (`isSurelyRight`) and allowed, as from `source`. */
  sure(draft: Draft, source: string): void {
    this.#encoded(this.#readings, draft, source);
  }

  refuse(place: Place, refusal: Pick<PlacedRefusal, 'field' | 'message'> & { code: string }): void {
    this.refused++;
    this.lastRefusal = refusal;
    this.#refusedBy.set(refusal.code, (this.#refusedBy.get(refusal.code) ?? 0) + 1);
    if (this.#refusals.length < maxRefusalsTold) this.#refusals.push({ ...place, ...refusal });
  }

  /** Whether one more refusal would be told: if not, its words need not be found. */
  get tells(): boolean {
    return this.#refusals.length < maxRefusalsTold;
  }

  result(): Gathered {
    const { source } = this.#options;
    return {
      ...(this.#facts.count > 0 && { facts: this.#facts.lines(source) }),
      ...(this.#readings.count > 0 && { readings: this.#readings.lines(source) }),
      refusals: this.#refusals,
      refusedBy: this.#refusedBy,
      refused: this.refused,
    };
  }

  /** A line of what was checked, with its identity. */
  #encoded(lines: StreamLines, draft: Draft, source: string): void {
    const line = Buffer.from(`${encodeLine(draft, this.#options.source, source)}\n`);
    lines.runs.add(line, 0, line.length);
    if (draft.id === undefined) {
      lines.identity(0, 0);
      return;
    }
    hash.start(source);
    hash.text(draft.id);
    hash.finish();
    lines.identity(hash.high, hash.low);
  }

  #isForbidden(bytes: Buffer): boolean {
    const { forbid } = this.#options;
    const { starts, ends } = this.scanner;
    if (startsWith(bytes, starts[at.source] ?? 0, ownBytes)) return true;
    if (forbid === undefined) return false;
    const text = (field: number): string => bytes.toString('utf8', starts[field], ends[field]);
    const source = (ends[at.source] ?? 0) > 0 ? text(at.source) : this.#options.source;
    return forbid(text(at.type), source) !== undefined;
  }

  #identify(lines: StreamLines, bytes: Buffer): void {
    const { starts, ends } = this.scanner;
    const idAt = starts[at.id] ?? 0;
    if (idAt === 0) {
      lines.identity(0, 0);
      return;
    }
    const sourceAt = starts[at.source] ?? 0;
    if (sourceAt === 0) hash.start(this.#options.source);
    else hash.startBytes(bytes, sourceAt, ends[at.source] ?? 0);
    hash.bytes(bytes, idAt, ends[at.id] ?? 0);
    hash.finish();
    lines.identity(hash.high, hash.low);
  }
}

// One of each is enough: what they hold is used up before the next event is looked at.
const sharedScanner = new LineScanner();
const hash = new IdentityHash();

const reserved = {
  field: 'source',
  code: 'TERR_EVENT_FIELD',
  message: `source: names that begin with "${ownPrefix}" are Territory's own; send as another`,
};

function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}

function isFactType(bytes: Buffer, start: number): boolean {
  if (!startsWith(bytes, start, factPrefix)) return false;
  const next = bytes[start + factPrefix.length];
  return next === 0x2e || (next === 0x78 && bytes[start + factPrefix.length + 1] === 0x2e);
}

/** A time that is surely right; what is not goes to `checkDraft`, which finds the words. */
function isTimely(time: number, fact: boolean, { limits, now }: GatherOptions): boolean {
  if (Number.isNaN(time)) return true;
  const oldest = fact ? limits.oldestFact : now - limits.readingAge;
  return time >= oldest && time <= now + limits.future && Math.trunc(time) === time;
}

/**
 * Whether everything is surely within its limit. Bytes are counted where the limits are UTF-16
 * units, of which there are never more; what is near a limit goes to `checkDraft`.
 */
function fits(scanner: LineScanner, limits: EventLimits): boolean {
  for (let i = 0; i < 9; i++)
    if ((scanner.ends[i] ?? 0) - (scanner.starts[i] ?? 0) > limits.textLength) return false;
  if (Object.is(scanner.metric, -0) || Object.is(scanner.ttl, -0)) return false;
  if (scanner.dataEnd > 0 && limits.dataDepth < 64) return false;
  return (
    (scanner.tagCount === 0 || tagsFit(scanner, limits)) &&
    (scanner.attributeCount === 0 || attributesFit(scanner, limits))
  );
}

function tagsFit(scanner: LineScanner, limits: EventLimits): boolean {
  if (scanner.tagCount > limits.tags) return false;
  for (let i = 0; i < scanner.tagCount; i++)
    if ((scanner.tagEnds[i] ?? 0) - (scanner.tagStarts[i] ?? 0) > limits.tagLength) return false;
  return true;
}

function attributesFit(scanner: LineScanner, limits: EventLimits): boolean {
  if (scanner.attributeCount > limits.attributes) return false;
  const { keyStarts, keyEnds, valueStarts, valueEnds } = scanner;
  for (let i = 0; i < scanner.attributeCount; i++) {
    if ((keyEnds[i] ?? 0) - (keyStarts[i] ?? 0) > limits.attributeNameLength) return false;
    if ((valueEnds[i] ?? 0) - (valueStarts[i] ?? 0) > limits.attributeLength) return false;
  }
  return true;
}
