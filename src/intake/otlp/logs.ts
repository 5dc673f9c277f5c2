import { createHash } from 'node:crypto';
import type { Draft } from '../../event/event.ts';
import type { Decoded } from '../decoded.ts';
import { logEvent } from '../logs/log-line.ts';
import { severityOf as severityOfWord, type Severity } from '../logs/severity.ts';
import { noAttributes } from './any-value.ts';
import { AttributeSet, droppedName } from './attributes.ts';
import { type Input, read } from './fields.ts';
import { type Origin, resourceOrigin, scopeOrigin } from './origin.ts';
import { msOf } from './point.ts';
import { logRecord, type LogRecord, requestShapes, resourceLogs, scopeLogs } from './shapes.ts';

/** One body while it is decoded. */
export interface LogsBody {
  readonly input: Input;
  /** As it came: what is sent again has the same bytes. */
  readonly bytes: Uint8Array;
  /** ms since the epoch, UTC. */
  readonly now: number;
  /** Told of each record. */
  readonly seen: () => void;
}

/** The log lines of an ExportLogsServiceRequest. Throws TERR_INTAKE_DECODE. */
export function* decodeLogs(body: LogsBody): Generator<Decoded> {
  const { resourceLogs: resources = [] } = read(requestShapes.logs, body.input);
  const name = createHash('sha256').update(body.bytes).digest('base64url').slice(0, 16);
  let index = 0;
  for (const ofResource of resources) {
    const { resource, scopeLogs: scopes = [] } = read(resourceLogs, ofResource);
    const origin = resourceOrigin(resource);
    for (const ofScope of scopes) {
      const scope = read(scopeLogs, ofScope);
      const scoped = scopeOrigin(origin, scope);
      for (const record of scope.logRecords ?? []) {
        body.seen();
        yield eventOf(read(logRecord, record), scoped, { id: `${name}-${index++}`, now: body.now });
      }
    }
  }
}

interface Placed {
  /** The body and the place in it: a record has no identity of its own. */
  readonly id: string;
  readonly now: number;
}

function eventOf(record: Partial<LogRecord>, origin: Origin, { id, now }: Placed): Draft {
  const { timeUnixNano = 0n, observedTimeUnixNano = 0n, body = null } = record;
  // logs.proto: where the time is not known, the one when it was observed is the best there is.
  const nanos = timeUnixNano > 0n ? timeUnixNano : observedTimeUnixNano;
  const draft = logEvent(
    {
      message: body,
      time: nanos > 0n ? msOf(nanos) : undefined,
      severity: severityOf(record),
      ...origin.fields,
      attributes: attributesOf(record, origin),
    },
    now,
  );
  // Without any time two bodies of the same bytes may well be two.
  return nanos > 0n ? { id, ...draft } : draft;
}

function attributesOf(record: Partial<LogRecord>, origin: Origin): [string, string][] {
  const { timeUnixNano = 0n, observedTimeUnixNano = 0n, attributes = noAttributes } = record;
  const set = new AttributeSet((record.droppedAttributesCount ?? 0) + attributes.over);
  set.put('trace.id', idOf(record.traceId));
  set.put('span.id', idOf(record.spanId));
  if (record.eventName !== '') set.put('event.name', record.eventName);
  if ((record.severityNumber ?? 0) > 0) set.put('severity.number', record.severityNumber);
  if (observedTimeUnixNano > 0n && msOf(observedTimeUnixNano) !== msOf(timeUnixNano))
    set.put('log.observed_time', timeText(observedTimeUnixNano));
  set.putAll(attributes.values);
  for (const [name, text] of origin.attributes) set.putFit(name, text);
  const { [droppedName]: dropped, ...entries } = set.entries();
  // First, because the last ones are left off where there is no room.
  const first: [string, string][] = dropped === undefined ? [] : [[droppedName, dropped]];
  return [...first, ...Object.entries(entries)];
}

function timeText(nanos: bigint): string {
  const date = new Date(msOf(nanos));
  return Number.isNaN(date.getTime()) ? String(nanos) : date.toISOString();
}

/** An id; undefined of none: empty, or of nothing but zeros. */
export function idOf(id: string | undefined): string | undefined {
  return id === undefined || /^0*$/.test(id) ? undefined : id;
}

/** The words of the ranges (logs.proto, SeverityNumber), four numbers each from 1. */
const ranges: readonly Severity[] = [
  { state: 'ok', word: 'trace' },
  { state: 'ok', word: 'debug' },
  { state: 'ok', word: 'info' },
  { state: 'warning', word: 'warn' },
  { state: 'critical', word: 'error' },
  { state: 'critical', word: 'fatal' },
];

/** By the number; the word is the sender's own where he gives one. */
function severityOf(record: Partial<LogRecord>): Partial<Severity> | undefined {
  const { severityNumber = 0, severityText = '' } = record;
  const range = ranges[Math.floor((severityNumber - 1) / 4)];
  const word = severityText.trim().toLowerCase().slice(0, 64);
  if (word === '') return range;
  return range === undefined ? severityOfWord(word) : { ...range, word };
}
