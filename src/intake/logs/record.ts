import type { Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { fromLabels } from '../labels.ts';
import type { LogLine } from './log-line.ts';
import {
  attributeName,
  hostNames,
  levelNames,
  messageNames,
  serviceNames,
  timeNames,
} from './record-names.ts';
import { severityOf } from './severity.ts';
import { timeOf } from './times.ts';

/** What a line is said to be from when it does not say so itself. */
export interface Origin {
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly environment?: string | undefined;
}

/** A record's leaves by their path: `err.stack`, `kubernetes.labels.app`. */
export type Leaves = Map<string, Json>;

/** Deeper values, and lists, are kept as JSON text. */
const deepest = 6;
/** Leaves looked at; more than an event can hold anyway. */
const mostLeaves = 1_000;

/**
 * A JSON object, as loggers and shippers write it, as a log line: time, message, level, service and
 * host under any of the names of `record-names.ts`, all else as attributes with dotted paths. Without
 * a message, or with more fields than an event can hold, the whole record is the body.
 */
export function fromRecord(record: Readonly<Record<string, Json>>, origin: Origin = {}): LogLine {
  const leaves: Leaves = new Map();
  flatten(record, '', leaves, deepest);
  const line = fromLeaves(leaves, origin);
  const whole = line.message === '' || leaves.size > mostKept;
  return whole ? { ...line, message: record } : line;
}

const mostKept = 120;

/** The same of leaves that are there already; the message is empty when there is none. */
export function fromLeaves(leaves: Leaves, origin: Origin = {}): LogLine {
  const message = take(leaves, messageNames, textOf) ?? '';
  const time = take(leaves, timeNames, timeOf);
  const severity = take(leaves, levelNames, severityOf);
  const texts = new Map<string, string>();
  for (const [name, value] of leaves) if (value !== null) texts.set(name, asText(value));
  const labels = fromLabels(texts);
  const left = new Map(Object.entries(labels.attributes ?? {}));
  const service = labels.service ?? origin.service ?? firstOf(left, serviceNames);
  return {
    message,
    time,
    severity,
    service: service?.replace(/^\//, ''),
    host: labels.host ?? firstOf(left, hostNames) ?? origin.host,
    environment: labels.environment ?? origin.environment,
    attributes: renamed(left),
  };
}

/** Takes out the first leaf of these names that means something. */
function take<T>(
  leaves: Leaves,
  names: readonly string[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const name of names) {
    const value = leaves.get(name);
    const found = value === undefined ? undefined : read(value);
    if (found === undefined) continue;
    leaves.delete(name);
    return found;
  }
  return undefined;
}

/** A message; Docker's end with the newline that ended the line. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value.replace(/[\r\n]+$/, '') : undefined;
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function firstOf(texts: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  const name = names.find((one) => (texts.get(one) ?? '') !== '');
  return name === undefined ? undefined : texts.get(name);
}

/** By OpenTelemetry's names; where two have the same, the first stays and the other keeps its own. */
function renamed(texts: ReadonlyMap<string, string>): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [name, value] of texts) {
    const ours = attributeName(name);
    attributes.set(attributes.has(ours) ? name : ours, value);
  }
  return attributes;
}

function flatten(record: object, path: string, leaves: Leaves, depth: number): void {
  for (const [key, value] of Object.entries(record) as [string, Json][]) {
    if (leaves.size >= mostLeaves) return;
    if (value === null) continue;
    const name = `${path}${key}`;
    if (isRecord(value) && depth > 0) flatten(value, `${name}.`, leaves, depth - 1);
    else leaves.set(name, value);
  }
}
