import {
  type Amount,
  type Bound,
  type Comparison,
  pasts,
  isTimeUnit,
  timeUnits,
  type Unit,
} from './plan.ts';
import { Scanner } from './scan.ts';

/** How numbers per time are made numbers per second. */
const perTime: Readonly<Record<string, number>> = { '/s': 1, '/min': 60, '/h': 3_600 };
const allUnits = [...Object.keys(timeUnits), ...Object.keys(perTime), '%'].join(', ');

/** What is measured, as far as it matters to what it can be compared with. */
export interface Measured {
  readonly isRate: boolean;
  readonly isRatio: boolean;
  /** Values of a metric, and not a number of events or a ratio. */
  readonly isOfMetric: boolean;
}

/** Reads what must be true of a measure: `> 0.5 of same hour last week`. Throws SliFault. */
export function parseBound(text: string, measured: Measured): Bound {
  const scanner = new Scanner(text);
  const all = scanner.word('between') ? betweenIn(scanner, measured) : [oneIn(scanner, measured)];
  if (!scanner.atEnd) throw scanner.wrong('the end is expected');
  return { all, text: text.trim() };
}

function betweenIn(scanner: Scanner, measured: Measured): readonly Comparison[] {
  const least = amountIn(scanner, measured);
  if (!scanner.word('and')) throw scanner.wrong('"and" and another number are expected');
  const start = scanner.at;
  const most = amountIn(scanner, measured);
  if (least.kind === 'number' && most.kind === 'number') {
    if (least.unit !== most.unit)
      throw scanner.wrong('a number in the unit of the first is expected', start);
    if (most.value < least.value)
      throw scanner.wrong('a number that is not below the first is expected', start);
  }
  return [
    { op: '>=', amount: least },
    { op: '<=', amount: most },
  ];
}

function oneIn(scanner: Scanner, measured: Measured): Comparison {
  const op = scanner.take(/[<>]=?/y);
  if (op === '>' || op === '>=' || op === '<' || op === '<=')
    return { op, amount: amountIn(scanner, measured) };
  throw scanner.wrong('>, >=, <, <= or between is expected');
}

function amountIn(scanner: Scanner, measured: Measured): Amount {
  const start = scanner.at;
  const digits = scanner.take(/-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
  const value = Number(digits);
  if (digits === undefined || !Number.isFinite(value)) throw scanner.wrong('a number is expected');
  const unitAt = scanner.at;
  const name = scanner.take(/\/\s*[a-z]+|%|(?!(?:of|and)\b)[a-z]+/iy)?.replaceAll(/\s/g, '');
  if (scanner.word('of')) return pastIn(scanner, { value, name, start });
  if (name === undefined) return { kind: 'number', value, unit: 'none' };
  const amount = withUnit(value, name, measured);
  if (typeof amount === 'string') throw scanner.wrong(amount, unitAt);
  return amount;
}

/** A number with its unit; or why there is none. */
function withUnit(value: number, name: string, measured: Measured): Amount | string {
  const number = (of: number, unit: Unit): Amount => ({ kind: 'number', value: of, unit });
  if (isTimeUnit(name)) {
    const misfit = `only the values of a metric are compared with a number of ${name}`;
    return measured.isOfMetric ? number(value, name) : misfit;
  }
  const per = perTime[name];
  if (per !== undefined)
    return measured.isRate
      ? number(value / per, '/s')
      : `only a rate is compared with a number ${name}`;
  if (name !== '%') return `one of ${allUnits}, or "of" is expected`;
  // Of a ratio 5 % is a share; of a metric it is what the metric says, 5.
  return number(measured.isRatio ? value / 100 : value, '%');
}

interface Factor {
  readonly value: number;
  readonly name: string | undefined;
  readonly start: number;
}

function pastIn(scanner: Scanner, { value, name, start }: Factor): Amount {
  if (name !== undefined && name !== '%')
    throw scanner.wrong('a factor such as 0.5 or 50% is expected before "of"', start);
  if (value < 0) throw scanner.wrong('a factor above 0 is expected', start);
  const at = scanner.at;
  const words = scanner.take(/(?:the\s+)?[a-z]+(?:\s+[a-z]+){0,3}/iy) ?? '';
  const said = words.toLowerCase().replaceAll(/\s+/g, ' ').replace(/^the /, '');
  // `between 1 of yesterday and …`: the words go on behind it.
  const past = pasts.find((one) => said === one || said.startsWith(`${one} `));
  if (past === undefined) throw scanner.wrong(`one of ${pasts.join(', ')} is expected`, at);
  scanner.at = at;
  for (const word of past.split(' ')) {
    scanner.word('the');
    scanner.word(word);
  }
  return { kind: 'past', factor: name === '%' ? value / 100 : value, past };
}
