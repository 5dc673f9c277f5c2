import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type StreamName, streamNames, streamOf } from '../event/event.ts';
import { anyNumber, anyText } from '../event/where/arbitrary.suite.ts';
import { BlockBuilder } from './block-builder.ts';
import type { History, PlacedEvent } from './history.ts';

/** When the events of the suite begin: a midnight, ms. */
export const day = Date.UTC(2026, 10, 22);

/** An event before it has its place. */
export type Sent = Omit<PlacedEvent, 'stream' | 'offset' | 'received' | 'source'> & {
  readonly source?: string;
};

/** Gives events their places and brings them into history as the feeder does, in one block each. */
export async function insertEvents(
  history: History,
  sent: readonly Sent[],
): Promise<PlacedEvent[]> {
  const heads = (await history.stat()).head;
  const placed: PlacedEvent[] = [];
  for (const stream of streamNames) {
    const own = sent.filter((event) => streamOf(event.type) === stream);
    const events = own.map((event, i): PlacedEvent => {
      const offset = heads[stream] + 1 + i;
      return {
        source: 'suite',
        ...event,
        id: event.id || `${stream}-${offset}`,
        received: event.time + 7,
        stream,
        offset,
      };
    });
    if (events.length > 0) await insertBlock(history, stream, events);
    placed.push(...events);
  }
  return placed;
}

async function insertBlock(
  history: History,
  stream: StreamName,
  events: readonly PlacedEvent[],
): Promise<void> {
  const builder = new BlockBuilder(stream);
  for (const { stream: _, offset, received, ...event } of events) {
    const ownId = event.id === `${stream}-${offset}` ? {} : { id: event.id };
    const { id: _id, ...rest } = event;
    const bytes = Buffer.from(`${JSON.stringify({ ...ownId, ...rest })}\n`);
    builder.add({ stream, first: offset, count: 1, received, source: event.source, bytes });
  }
  const path = join(tmpdir(), `territory-suite-${randomUUID()}.arrow`);
  await writeFile(path, builder.encode());
  await history.insert({
    stream,
    first: builder.first,
    last: builder.last,
    rows: builder.rows,
    path,
  });
}

const types = fc.constantFrom(
  'metric',
  'log',
  'dev.cdevents.service.deployed',
  'dev.cdevents.service.deployed.0.3.0',
  'dev.cdevents.service.deployed.0.4.0-draft',
  'dev.cdevents.service.deployed.x',
  'dev.cdevents.service.deployedtwice.0.1.0',
  'dev.cdeventsx.acme-x.done.0.1.0',
  'dev.cdevents.',
  'dev.cdeventsx.a',
);
const payload = fc.oneof(
  anyText,
  anyNumber,
  fc.boolean(),
  fc.constant(null),
  fc.dictionary(
    fc.constantFrom('order', 'paid', 'id', 'text', 'n', '', 'a.b', '0', "o'k", '"'),
    fc.oneof(
      anyText,
      anyNumber,
      fc.boolean(),
      fc.constant(null),
      fc.array(anyText, { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('id', 'n', 'paid'), fc.oneof(anyText, anyNumber, fc.boolean())),
    ),
    { maxKeys: 4 },
  ),
  // To group by: numbers that everybody writes alike.
  fc.record({
    label: fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null), fc.constant([])),
  }),
);

/** Any event that intake would take, in a narrow range of times so that many are equal. */
export const anyEvent: fc.Arbitrary<Sent> = fc.record(
  {
    id: fc.oneof(fc.constant(''), anyText),
    time: fc.integer({ min: 0, max: 20 }).map((n) => day + n * 1000),
    type: types,
    subject: anyText,
    service: fc.constantFrom('web1', 'web2', 'api'),
    host: anyText,
    environment: anyText,
    name: anyText,
    state: fc.constantFrom('ok', 'OK', 'critical', "it's"),
    metric: anyNumber,
    ttl: fc.integer({ min: 0, max: 3 }),
    tags: fc.array(
      anyText.filter((tag) => tag !== ''),
      { maxLength: 2 },
    ),
    attributes: fc.dictionary(
      fc.oneof(
        fc.constantFrom('code', 'http.route', 'odd key', 'host', 'canary', "'"),
        anyText.filter((key) => key !== ''),
      ),
      anyText,
      { maxKeys: 3 },
    ),
    data: payload,
  },
  { requiredKeys: ['id', 'time', 'type'], noNullPrototype: true },
);
