import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { fromBinary } from '../../event/cloudevents/binary.ts';
import { fromCloudEvent } from '../../event/cloudevents/structured.ts';
import { eventErrors } from '../../event/errors.ts';
import { type GatherOptions, Gathering, type Place } from '../../event/gathering.ts';
import { NdjsonReader } from '../../event/ndjson.ts';
import { findJsonError } from '../../event/scan/json-error.ts';
import { intakeErrors } from '../errors.ts';
import type { BodyKind } from './media.ts';

/** What is to be read, and how. */
export interface Work {
  readonly kind: BodyKind;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly options: GatherOptions;
  /** Events in one request. */
  readonly maxEvents: number;
}

/** What was read. `single`: the body was one event and no list. */
export interface Taken {
  readonly gathering: Gathering;
  readonly single: boolean;
}

/** Events between two looks at what else there is to do: some milliseconds even of unusual ones. */
const step = 500;

/**
 * Reads the events of a body in steps, so that a large one need not hold up others. Throws what
 * makes the whole body useless: TERR_EVENT_JSON with line and column, TERR_INTAKE_EMPTY,
 * TERR_INTAKE_TOO_MANY.
 */
export function* take(work: Work): Generator<void, Taken> {
  if (work.body.length === 0 && work.kind !== 'binary') throw empty();
  switch (work.kind) {
    case 'ndjson':
      return yield* takeNdjson(work);
    case 'json':
      return yield* takeJson(work);
    case 'cloudevent':
    case 'cloudevents':
      return yield* takeCloudEvents(work);
    case 'binary': {
      const { headers, body, options } = work;
      const gathering = new Gathering(options);
      gathering.checked(fromBinary(headers, body, options.limits, options.now), undefined);
      return { gathering, single: true };
    }
  }
}

function* takeNdjson({ body, options, maxEvents }: Work): Generator<void, Taken> {
  const reader = new NdjsonReader(body, options);
  while (reader.read(step)) {
    if (reader.gathering.count > maxEvents) throw tooMany(maxEvents);
    yield;
  }
  if (reader.gathering.count > maxEvents) throw tooMany(maxEvents);
  return { gathering: reader.gathering, single: false };
}

function* takeJson(work: Work): Generator<void, Taken> {
  const { body, options } = work;
  if (!isUtf8(body)) throw notUtf8();
  const start = pastBlank(body, hasMark(body) ? 3 : 0);
  const list = body[start] === OPEN_LIST;
  const plain = list ? yield* takePlainList(work, start) : takePlain(work, start);
  if (plain !== undefined) return { gathering: plain, single: !list };
  const value = parse(body);
  const gathering = new Gathering(options);
  if (Array.isArray(value)) {
    const takeItem = (item: unknown, index: number): void => gathering.draft(item, { index });
    yield* takeList(value, work.maxEvents, takeItem);
    return { gathering, single: false };
  }
  gathering.draft(value, undefined);
  return { gathering, single: true };
}

/** One plain event; undefined when it is not plain. */
function takePlain({ body, options }: Work, start: number): Gathering | undefined {
  const gathering = new Gathering(options);
  const behind = gathering.scanner.scan(body, start, body.length);
  const alone = behind > 0 && pastBlank(body, behind) === body.length;
  return alone && gathering.plain(body, start, behind) ? gathering : undefined;
}

/** A list of nothing but plain events; undefined when it is something else. */
function* takePlainList(work: Work, open: number): Generator<void, Gathering | undefined> {
  const { body, options, maxEvents } = work;
  const gathering = new Gathering(options);
  let at = open;
  do {
    const start = pastBlank(body, at + 1);
    const behind = gathering.scanner.scan(body, start, body.length);
    if (behind < 0 || !gathering.plain(body, start, behind)) return undefined;
    if (gathering.count > maxEvents) throw tooMany(maxEvents);
    at = pastBlank(body, behind);
    if (gathering.count % step === 0) yield;
  } while (body[at] === 0x2c);
  return body[at] === 0x5d && pastBlank(body, at + 1) === body.length ? gathering : undefined;
}

function* takeCloudEvents({ kind, body, options, maxEvents }: Work): Generator<void, Taken> {
  if (!isUtf8(body)) throw notUtf8();
  const value = parse(body);
  const gathering = new Gathering(options);
  const takeItem = (item: unknown, place: Place): void =>
    gathering.checked(fromCloudEvent(item, options.limits, options.now), place);
  if (kind === 'cloudevent') {
    takeItem(value, undefined);
    return { gathering, single: true };
  }
  if (!Array.isArray(value)) throw notABatch();
  yield* takeList(value, maxEvents, (item, index) => takeItem(item, { index }));
  return { gathering, single: false };
}

function* takeList(
  items: readonly unknown[],
  maxEvents: number,
  takeItem: (item: unknown, index: number) => void,
): Generator<void, void> {
  if (items.length > maxEvents) throw tooMany(maxEvents);
  for (const [index, item] of items.entries()) {
    takeItem(item, index);
    if (index % step === step - 1) yield;
  }
}

const OPEN_LIST = 0x5b;

function hasMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

function pastBlank(body: Buffer, start: number): number {
  let i = start;
  while (body[i] === 0x20 || body[i] === 0x0a || body[i] === 0x0d || body[i] === 0x09) i++;
  return i;
}

function parse(body: Buffer): unknown {
  const text = body.toString('utf8', hasMark(body) ? 3 : 0);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (text.trim() === '') throw empty();
    const wrong = findJsonError(text);
    if (wrong === undefined) throw eventErrors('JSON', 'The body is not JSON.', { cause });
    const { line, column, expected } = wrong;
    const message = `The body is not JSON: at line ${line}, column ${column} ${expected} was expected.`;
    throw eventErrors('JSON', message, { line, column, cause });
  }
}

function notUtf8(): Error {
  return eventErrors('JSON', 'The body is not valid UTF-8: encode the text as UTF-8.');
}

function notABatch(): Error {
  const message =
    'A CloudEvents batch is a JSON array of events: send one event as application/cloudevents+json.';
  return eventErrors('CLOUDEVENT', message);
}

function empty(): Error {
  return intakeErrors('EMPTY', 'The body holds no event: send at least one.');
}

function tooMany(limit: number): Error {
  const message = `The body holds more than ${limit} events (intake.maxEvents): send it in parts.`;
  return intakeErrors('TOO_MANY', message);
}
