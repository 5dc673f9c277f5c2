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

/** The place-holders that expressions of steps may have. */
export function placeHolderTypes(): ParameterTypeRegistry {
  const registry = new ParameterTypeRegistry();
  const define = (name: string, pattern: RegExp, read: (text: string) => Value): void =>
    registry.defineParameterType(new ParameterType<unknown>(name, pattern, null, read));
  define('duration', numberWithUnit(durations), (text) => amount(text, durations));
  define('size', numberWithUnit(sizes), (text) => amount(text, sizes));
  define('jsonpath', /\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])*/, (text) => text);
  define('regex', /\/(?:[^/\\]|\\.)+\/i?/, readExpression);
  define('percentile', /median|(?:50|75|90|95|99|99\.9)th percentile/, aggregateOf);
  define('events', /"(?:[^"\\]|\\.)*"/, (text) => eventsOf(text.slice(1, -1)));
  define('statuses', /[1-5]\d\d(?:, ?[1-5]\d\d)* or [1-5]\d\d/, (text) => text);
  define('recordtype', /A|AAAA|CAA|CNAME|MX|NS|PTR|SOA|SRV|TXT/, (text) => text);
  define('rcode', /NOERROR|NXDOMAIN|SERVFAIL|REFUSED/, (text) => text);
  define('statusclass', /[1-5]xx/, (text) => text);
  return registry;
}

/** Throws a SyntaxError where it is none. */
function readExpression(text: string): RegExp {
  const end = text.lastIndexOf('/');
  return new RegExp(text.slice(1, end), text.slice(end + 1));
}

/** `p95` of `95th percentile`. */
const aggregateOf = (text: string): string =>
  text === 'median' ? 'p50' : `p${text.replace(/th percentile$/, '').replace('.', '')}`;

/** A bare name stands for the events of this name; everything else is a query. Throws TERR_WHERE_…. */
function eventsOf(text: string): string {
  const where = /^[\w./:-]+$/.test(text) ? `name = ${JSON.stringify(text)}` : text;
  parseWhere(where);
  return where;
}
