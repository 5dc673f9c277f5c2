import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { Answer, HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import { Counters, kinds } from './counters.ts';
import { DataSources } from './data-sources.ts';
import { type About, Readings, type Values } from './readings.ts';

/** As `intakes.collectd.maxSeries` unless it is told otherwise. */
const maxSeries = 200_000;

let readings: Readings | undefined;

/**
 * What collectd's write_http posts with `Format "JSON"`: docs/protocols/collectd.md. The address
 * ends in `?rates=true` where StoreRates is on, because nothing in the body says so.
 */
export const collectdHttp: HttpProtocol = {
  name: 'collectd-http',
  title: 'collectd (write_http)',
  path: '/intake/collectd',
  takes: (path) => path === '/intake/collectd',
  decode: (request) => decode(request),
  answer,
};

function* decode({ body, query }: Received): Generator<Decoded> {
  readings ??= new Readings(new DataSources(), new Counters(maxSeries, Date.now));
  const rates = query.get('rates') === 'true';
  let index = 0;
  for (const item of listIn(body)) {
    const out: Decoded[] = [];
    const problem = take(item, rates, readings, out);
    if (problem !== undefined) yield refused('TERR_INTAKE_DECODE', problem, { index });
    yield* out;
    index++;
  }
}

function listIn(body: Buffer): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(body.toString());
  } catch (cause) {
    throw intakeErrors('DECODE', `This is not JSON: ${String(cause)}`, { cause });
  }
  if (Array.isArray(list)) return list as readonly unknown[];
  throw intakeErrors('DECODE', 'Send a list of values, as write_http does with Format "JSON".');
}

/** What is wrong with the item, in words. */
function take(item: unknown, rates: boolean, into: Readings, out: Decoded[]): string | undefined {
  if (!isRecord(item)) return 'it is no object';
  const [numbers, types, sources] = [item['values'], item['dstypes'], item['dsnames']];
  if (!isList(numbers) || !isList(types) || !isList(sources) || !sources.every(isText))
    return 'values, dstypes and dsnames must be lists';
  if (numbers.length !== types.length || numbers.length !== sources.length)
    return 'values, dstypes and dsnames must have the same length';
  const about = aboutOf(item);
  const values = valuesOf({ numbers, types, sources }, rates ? about.interval : undefined);
  if (typeof values === 'string') return values;
  into.take(about, values, out);
  return undefined;
}

interface Given {
  readonly numbers: readonly unknown[];
  readonly types: readonly unknown[];
  readonly sources: readonly string[];
}

const kindsByName: Readonly<Record<string, number>> = kinds;

/** The values that are known; of rates (`seconds` is given) what grew in that time. */
function valuesOf(given: Given, seconds: number | undefined): Values | string {
  if (seconds === 0) return 'rates need their interval';
  const partly = seconds === undefined && given.numbers.includes(null);
  const read: One[] = [];
  for (const [i, number] of given.numbers.entries()) {
    const one = oneOf(number, kindsByName[String(given.types[i])], seconds);
    if (typeof one === 'string') return one;
    // Counters are remembered all together: where one is not known, the others wait too.
    if (one === undefined || (partly && remembered(one.kind))) continue;
    read.push({ ...one, source: given.sources[i] ?? '' });
  }
  const counting = read.some(({ kind }) => kind !== kinds.gauge);
  return {
    kinds: read.map(({ kind }) => kind),
    gauges: read.map(({ value }) => value),
    words: counting ? read.flatMap(({ value }) => wordsOf(value)) : undefined,
    sources: read.map(({ source }) => source),
  };
}

interface One {
  readonly kind: number;
  readonly value: number;
  readonly source: string;
}

const remembered = (kind: number): boolean => kind === kinds.counter || kind === kinds.derive;

/** One value; undefined: collectd does not know it. A text says what is wrong. */
function oneOf(
  number: unknown,
  kind: number | undefined,
  seconds: number | undefined,
): Omit<One, 'source'> | undefined | string {
  if (kind === undefined) return 'dstypes are gauge, counter, derive or absolute';
  if (number === null) return undefined;
  if (typeof number !== 'number') return 'values are numbers or null';
  if (kind === kinds.gauge) return { kind, value: number };
  // What a rate says is an increment already, as that of an ABSOLUTE.
  if (seconds !== undefined) return { kind: kinds.absolute, value: Math.round(number * seconds) };
  return Number.isInteger(number) ? { kind, value: number } : notWhole;
}

/** High and low 32 bits. */
function wordsOf(value: number): readonly [number, number] {
  const high = Math.floor(value / 2 ** 32);
  return [high, value - high * 2 ** 32];
}

const notWhole =
  'a counter is a whole number: with StoreRates, let the URL of write_http end in ?rates=true';

function aboutOf(item: Readonly<Record<string, unknown>>): About {
  const text = (name: string): string => {
    const value = item[name];
    return typeof value === 'string' ? value : '';
  };
  const number = (name: string): number => {
    const value = item[name];
    return typeof value === 'number' && value > 0 ? value : 0;
  };
  return {
    host: text('host'),
    plugin: text('plugin'),
    pluginInstance: text('plugin_instance'),
    type: text('type'),
    typeInstance: text('type_instance'),
    time: Math.round(number('time') * 1000),
    interval: number('interval'),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** write_http reads nothing but the status, and sends nothing again. */
function answer({ failure, accepted, duplicates, refused: bad, errors }: Outcome): Answer {
  if (failure !== undefined) return { status: failure.status, body: `${failure.message}\n` };
  const [first] = errors;
  if (first === undefined || accepted + duplicates > 0) return { status: 204 };
  return { status: 400, body: `${bad} values were refused: ${first.message}\n` };
}
