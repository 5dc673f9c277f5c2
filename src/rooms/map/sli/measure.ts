import { CodedError } from '../../../errors/coded-error.ts';
import { parseDuration } from '../../../event/quantity.ts';
import { suggest } from '../../../event/suggest.ts';
import type { Where } from '../../../event/where/ast.ts';
import { parseWhere } from '../../../event/where/parse.ts';
import { type SliFunction, type SliPlan, sliFunctions } from './plan.ts';
import { type Quoted, Scanner, SliFault } from './scan.ts';

/** What a measure is over when it does not say. */
const defaultWindow = 5 * 60_000;
const leastWindow = 10_000;
const mostWindow = 7 * 86_400_000;

export type Measure = Omit<SliPlan, 'ok' | 'down'>;

/** Reads the measure of an SLI. Throws SliFault. */
export function parseMeasure(text: string): Measure {
  const scanner = new Scanner(text);
  const call = callIn(scanner);
  const where = scanner.word('where') ? whereIn(scanner) : undefined;
  const orZero = scanner.word('or') && zeroIn(scanner, call);
  const window = scanner.word('over') ? windowIn(scanner) : defaultWindow;
  if (!scanner.atEnd) throw scanner.wrong(`${leftOver(where, orZero)}or the end is expected`);
  return {
    text: text.trim(),
    of: call.of,
    aggregate: call.aggregate,
    where: both(call.where, where),
    ...(call.ratio && { ratio: both(call.ratio, where) }),
    window,
    orZero,
  };
}

const leftOver = (where: Where | undefined, orZero: boolean): string =>
  `${where ? '' : 'where "…", '}${orZero ? '' : 'or 0, '}over 5m `;

interface Call {
  readonly of: string;
  readonly aggregate: SliFunction;
  readonly where: Where;
  readonly ratio?: Where;
}

function callIn(scanner: Scanner): Call {
  const start = scanner.at;
  const word = scanner.take(/[\p{L}\p{N}_]+/uy);
  if (word === 'ratio') return ratioIn(scanner);
  const aggregate = functionOf(scanner, word, start);
  scanner.expect('(');
  const { name, where } = termIn(scanner);
  scanner.expect(')');
  return { of: name, aggregate, where };
}

function functionOf(scanner: Scanner, word: string | undefined, start: number): SliFunction {
  const found = sliFunctions.find((one) => one === word);
  if (found) return found;
  const all = [...sliFunctions, 'ratio'];
  const near = word === undefined ? undefined : suggest(word, all);
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw scanner.wrong(`one of ${all.join(', ')} is expected${meant}`, start);
}

/** `ratio(A / B)`: events by number; `ratio(sum(A) / sum(B))`: any other function of both. */
function ratioIn(scanner: Scanner): Call {
  scanner.expect('(');
  const above = partIn(scanner);
  scanner.expect('/');
  const start = scanner.at;
  const below = partIn(scanner);
  if (above.aggregate !== below.aggregate)
    throw scanner.wrong(`the same function as above (${above.aggregate}) is expected`, start);
  scanner.expect(')');
  const of = above.name === below.name ? below.name : `${above.name} / ${below.name}`;
  return { of, aggregate: above.aggregate, where: above.where, ratio: below.where };
}

function partIn(scanner: Scanner): Term & { readonly aggregate: SliFunction } {
  const start = scanner.at;
  const word = scanner.take(/[a-z][a-z0-9]*(?=\s*\()/y);
  if (word === undefined) return { ...termIn(scanner), aggregate: 'count' };
  const aggregate = functionOf(scanner, word, start);
  scanner.expect('(');
  const term = termIn(scanner);
  scanner.expect(')');
  return { ...term, aggregate };
}

interface Term {
  readonly name: string;
  readonly where: Where;
}

/** A name, and of which events with it: `request where "state = \"error\""`. */
function termIn(scanner: Scanner): Term {
  const name = scanner.quoted()?.value ?? scanner.take(/[\p{L}_][\p{L}\p{N}_.:-]*/uy);
  if (name === undefined || name === '')
    throw scanner.wrong('the name of a metric or event such as order.placed is expected');
  const where = scanner.word('where') ? whereIn(scanner) : undefined;
  return { name, where: both(called(name), where) };
}

function whereIn(scanner: Scanner): Where {
  const quoted = scanner.quoted();
  if (!quoted)
    throw scanner.wrong('a condition in quotes is expected, such as "state = \'error\'"');
  return conditionOf(quoted);
}

function conditionOf({ value, at }: Quoted): Where {
  try {
    return parseWhere(value);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const message = error.message.replace(/^(?:line \d+, )?column \d+: /, '');
    throw new SliFault(message, at + (error.details.column ?? 1));
  }
}

function zeroIn(scanner: Scanner, { aggregate, ratio }: Call): boolean {
  const start = scanner.at;
  if (scanner.take(/0(?![.\d])/y) === undefined) throw scanner.wrong('0 is expected');
  const canBe = ratio === undefined && ['rate', 'count', 'sum'].includes(aggregate);
  if (!canBe) throw scanner.wrong('only rate, count and sum are 0 when nothing comes', start);
  return true;
}

function windowIn(scanner: Scanner): number {
  const start = scanner.at;
  const ms = parseDuration(scanner.take(/[^\s]+/y) ?? '');
  if (ms === undefined) throw scanner.wrong('a span such as 30s, 5m or 1h is expected', start);
  if (ms < leastWindow || ms > mostWindow)
    throw scanner.wrong('a span from 10s to 7d is expected', start);
  return ms;
}

const both = (one: Where, other: Where | undefined): Where =>
  other === undefined ? one : { kind: 'and', of: [one, other] };

/**
 * Events of that name, events of that type, and facts of that subject and predicate in any version:
 * of the vocabulary of CDEvents (`service.deployed`) or of one's own (`order.placed`).
 */
function called(name: string): Where {
  const column = (of: 'name' | 'type') => ({ kind: 'column', name: of }) as const;
  const is = (of: 'name' | 'type'): Where => ({
    kind: 'equal',
    field: column(of),
    value: name,
    not: false,
  });
  const either: Where = { kind: 'or', of: [is('name'), is('type')] };
  if (!/^[A-Za-z]\w*\.[A-Za-z]\w*$/.test(name)) return either;
  const standard: Where = {
    kind: 'anyVersion',
    field: column('type'),
    type: `dev.cdevents.${name}`,
    not: false,
  };
  const own: Where = {
    kind: 'like',
    field: column('type'),
    parts: ['dev.cdeventsx.', `-${name}.`, ''],
  };
  return { kind: 'or', of: [either, { kind: 'or', of: [standard, own] }] };
}
