import { parseWhere } from '../../event/where/parse.ts';
import { ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions';

/** What a step's place-holder becomes: text, a number (ms, bytes) or an expression. */
export type Value = string | number | RegExp;

/** ms by the unit of a duration. */
const durations: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

/** Bytes by the unit of a size. */
const sizes: Readonly<Record<string, number>> = {
  B: 1,
  byte: 1,
  kB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
};

const numberWithUnit = (units: Readonly<Record<string, number>>): RegExp =>
  new RegExp(
    `(?:\\d+(?:\\.\\d+)?) ?(?:${Object.keys(units)
      .toSorted((a, b) => b.length - a.length)
      .map((unit) => (/^[a-z]{3,}$/.test(unit) ? `${unit}s?` : unit))
      .join('|')})`,
  );

function amount(text: string, units: Readonly<Record<string, number>>): number {
  const [, figure = '', unit = ''] = /^([\d.]+) ?(\w+)$/.exec(text) ?? [];
  return Number(figure) * (units[unit] ?? units[unit.replace(/s$/, '')] ?? Number.NaN);
}

/** What stands for a value in the expression of a step. */
export interface PlaceHolder {
  readonly name: string;
  /** What is written in its place, for people. */
  readonly about: string;
}

interface ReadPlaceHolder extends PlaceHolder {
  readonly pattern: RegExp;
  readonly read: (text: string) => Value;
}

const asItIs = (text: string): string => text;

const own: readonly ReadPlaceHolder[] = [
  {
    name: 'duration',
    about: 'A number with `ms`, `s`, `min`, `h`, `d` or such a word: `1.5 s`, `20ms`, `14 days`.',
    pattern: numberWithUnit(durations),
    read: (text) => amount(text, durations),
  },
  {
    name: 'size',
    about: 'A number with `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB` or `bytes`: `100 kB`.',
    pattern: numberWithUnit(sizes),
    read: (text) => amount(text, sizes),
  },
  {
    name: 'jsonpath',
    about: "A place in JSON: `$`, `$.items[0].id`, `$['a name']`.",
    pattern: /\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])*/,
    read: asItIs,
  },
  {
    name: 'regex',
    about:
      'A regular expression as in JavaScript, `/release_[0-9]+/`, with `i` behind it where capitals do not matter. It may take 250 ms.',
    pattern: /\/(?:[^/\\]|\\.)+\/i?/,
    read: readExpression,
  },
  {
    name: 'percentile',
    about: '`median`, `95th percentile`; 50, 75, 90, 95, 99 and 99.9 are known.',
    pattern: /median|(?:50|75|90|95|99|99\.9)th percentile/,
    read: aggregateOf,
  },
  {
    name: 'events',
    about:
      'In quotes the name of events, or a query: `"checkout.duration"`, `"service = \\"shop\\""`.',
    pattern: /"(?:[^"\\]|\\.)*"/,
    read: (text) => eventsOf(text.slice(1, -1)),
  },
  {
    name: 'statuses',
    about: 'Two or more statuses of HTTP: `200, 204 or 301`.',
    pattern: /[1-5]\d\d(?:, ?[1-5]\d\d)* or [1-5]\d\d/,
    read: asItIs,
  },
  {
    name: 'statusclass',
    about: '`2xx` and its like.',
    pattern: /[1-5]xx/,
    read: asItIs,
  },
  {
    name: 'recordtype',
    about:
      'A type of DNS records: `A`, `AAAA`, `CAA`, `CNAME`, `MX`, `NS`, `PTR`, `SOA`, `SRV`, `TXT`.',
    pattern: /A|AAAA|CAA|CNAME|MX|NS|PTR|SOA|SRV|TXT/,
    read: asItIs,
  },
  {
    name: 'rcode',
    about: 'What a name server answers: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`.',
    pattern: /NOERROR|NXDOMAIN|SERVFAIL|REFUSED/,
    read: asItIs,
  },
];

/** What may stand in the expressions of steps. */
export const placeHolders: readonly PlaceHolder[] = [
  { name: 'string', about: 'A text in quotes: `"Welcome"`, `\'say "tea"\'`.' },
  { name: 'int', about: 'A whole number.' },
  { name: 'float', about: 'A number: `0.5`.' },
  { name: 'word', about: 'A word without spaces: `POST`.' },
  ...own.map(({ name, about }) => ({ name, about })),
];

/** The place-holders that expressions of steps may have. */
export function placeHolderTypes(): ParameterTypeRegistry {
  const registry = new ParameterTypeRegistry();
  for (const { name, pattern, read } of own)
    registry.defineParameterType(new ParameterType<unknown>(name, pattern, null, read));
  return registry;
}

/** Throws a SyntaxError where it is none. */
function readExpression(text: string): RegExp {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

/** `p95` of `95th percentile`. */
function aggregateOf(text: string): string {
  return text === 'median' ? 'p50' : `p${text.replace(/th percentile$/, '').replace('.', '')}`;
}

/** A bare name stands for the events of this name; everything else is a query. Throws TERR_WHERE_…. */
function eventsOf(text: string): string {
  const where = /^[\w./:-]+$/.test(text) ? `name = ${JSON.stringify(text)}` : text;
  parseWhere(where);
  return where;
}
