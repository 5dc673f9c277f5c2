import type { EventColumns } from '../../history/columns/event-columns.ts';
import type { CalledKind, SeenCall } from '../../rooms/map/seen.ts';
import { AttributeTexts, idOf } from './attributes.ts';

/** Pairs of who calls whom that are held. */
export const maxCalls = 5_000;
/** Longer names are no names of services. */
const maxName = 300;

/** As docs/protocols/otlp.md has them. */
const attributes = [
  'client.service',
  'server.service',
  'span.kind',
  'client.service.is',
  'server.service.is',
];
const [client, server, kind, clientIs, serverIs] = [0, 1, 2, 3, 4] as const;
/** Kinds of spans that the called one tells. */
const answers: ReadonlySet<string> = new Set(['server', 'consumer']);

interface Call {
  readonly from: string;
  readonly to: string;
  readonly fromIs?: CalledKind;
  readonly toIs?: CalledKind;
  /** Spans of who called, and of who answered: both may tell of the same calls. */
  readonly told: [byCaller: number, byCalled: number];
  /** Event times, ms. */
  first: number;
  last: number;
}

/** The calls as they are kept over a restart. */
export type CallsSnapshot = readonly Call[];

interface InBlock {
  readonly row: number;
  readonly told: [number, number];
  first: number;
  last: number;
}

/**
 * Which service calls which, as spans tell. A fold over blocks; a block without such spans costs
 * nothing but a look at the names of its attributes.
 */
export class CallsFold {
  /** Pairs of a block that had no room, summed over all blocks. */
  refused = 0;
  overflowed = false;
  readonly #max: number;
  readonly #calls: Map<string, Call>;

  constructor(snapshot: CallsSnapshot = [], max = maxCalls) {
    this.#max = max;
    this.#calls = new Map(snapshot.map((call) => [keyOf(call), { ...call, told: [...call.told] }]));
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Adds the rows of a block from `fromRow` on. */
  fold(columns: EventColumns, fromRow = 0): void {
    const texts = new AttributeTexts(columns, attributes);
    if (!texts.has(client) || !texts.has(server)) return;
    for (const found of callsIn(columns, texts, fromRow).values()) this.#add(found, texts);
  }

  view(): SeenCall[] {
    return [...this.#calls.values()].map(({ from, to, fromIs, toIs, told, first, last }) => ({
      from,
      to,
      ...(fromIs && { fromIs }),
      ...(toIs && { toIs }),
      count: Math.max(...told),
      first,
      last,
    }));
  }

  snapshot(): CallsSnapshot {
    return [...this.#calls.values()].map((call) => ({ ...call, told: [...call.told] }));
  }

  /** Forgets what has not been seen since `before`, ms, when there is no more room. */
  forget(before: number): void {
    if (this.#calls.size < this.#max) return;
    for (const [key, { last }] of this.#calls) if (last < before) this.#calls.delete(key);
    if (this.#calls.size < this.#max) this.overflowed = false;
  }

  #add({ row, told, first, last }: InBlock, texts: AttributeTexts): void {
    const textAt = (name: number): string => texts.textOf(texts.idAt(row, name));
    const [from, to] = [textAt(client), textAt(server)];
    if (from.length > maxName || to.length > maxName) return;
    const known = this.#calls.get(keyOf({ from, to }));
    if (known) {
      known.told[0] += told[0];
      known.told[1] += told[1];
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    } else if (this.#calls.size >= this.#max) {
      this.overflowed = true;
      this.refused++;
    } else {
      const [fromIs, toIs] = [calledKind(textAt(clientIs)), calledKind(textAt(serverIs))];
      const call = {
        from,
        to,
        ...(fromIs && { fromIs }),
        ...(toIs && { toIs }),
        told,
        first,
        last,
      };
      this.#calls.set(keyOf(call), call);
    }
  }
}

const keyOf = ({ from, to }: Pick<Call, 'from' | 'to'>): string => `${from}\0${to}`;

/** Each pair of a block once, with its numbers. */
function callsIn(
  columns: EventColumns,
  texts: AttributeTexts,
  fromRow: number,
): Map<number, InBlock> {
  const { dictionary, ids } = columns.repeating('type');
  const request = idOf(dictionary, 'request');
  const found = new Map<number, InBlock>();
  if (request === 0) return found;
  const read = new Int32Array(3);
  for (let row = fromRow; row < columns.rows; row++) {
    if (ids.ints[row] !== request) continue;
    texts.read(row, read);
    // Destructuring would make an iterator for each row.
    const from = read[client] as number; // there are three
    const to = read[server] as number; // likewise
    if (from === 0 || to === 0 || from === to) continue;
    const key = from * 2 ** 26 + to; // a block has fewer texts than that
    const time = columns.time.values[row] as number; // one for each row
    let call = found.get(key);
    if (!call) found.set(key, (call = { row, told: [0, 0], first: time, last: time }));
    call.told[answers.has(texts.textOf(read[kind] as number)) ? 1 : 0]++;
    call.first = Math.min(call.first, time);
    call.last = Math.max(call.last, time);
  }
  return found;
}

function calledKind(text: string): CalledKind | undefined {
  return text === 'service' || text === 'database' || text === 'queue' || text === 'address'
    ? text
    : undefined;
}
