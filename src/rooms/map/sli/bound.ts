import { type Amount, type Bound, type Comparison, type Unit, pasts } from './plan.ts';
import { Scanner } from './scan.ts';

/** Units of a number: what it becomes, and of what. `%` is settled by what is measured. */
const units: Readonly<Record<string, { readonly scale: number; readonly unit: Unit }>> = {
  ms: { scale: 1, unit: 'ms' },
  s: { scale: 1_000, unit: 'ms' },
  min: { scale: 60_000, unit: 'ms' },
  h: { scale: 3_600_000, unit: 'ms' },
  '/s': { scale: 1, unit: '/s' },
  '/min': { scale: 1 / 60, unit: '/s' },
  '/h': { scale: 1 / 3_600, unit: '/s' },
  '%': { scale: 1, unit: '%' },
};

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
  const swapped = least.kind === 'number' && most.kind === 'number' && most.value < least.value;
  if (swapped) throw scanner.wrong('a number that is not below the first is expected', start);
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
  const unit = units[name];
  const wrong = unit === undefined ? unknownUnit : misfit(unit.unit, name, measured);
  if (unit === undefined || wrong !== undefined) throw scanner.wrong(wrong ?? unknownUnit, unitAt);
  // Of a ratio 5 % is a share; of a metric it is what the metric says, 5.
  const scale = unit.unit === '%' && measured.isRatio ? 0.01 : unit.scale;
  return { kind: 'number', value: value * scale, unit: unit.unit };
}

const unknownUnit = `one of ${Object.keys(units).join(', ')}, or "of" is expected`;

/** Why what is measured cannot be compared with a number of this unit. */
function misfit(unit: Unit, name: string, measured: Measured): string | undefined {
  if (unit === '/s' && !measured.isRate) return `only a rate is compared with a number ${name}`;
  if (unit === 'ms' && !measured.isOfMetric)
    return `only the values of a metric are compared with a number of ${name}`;
  return undefined;
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
