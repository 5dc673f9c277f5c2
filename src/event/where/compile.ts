import type { Event } from '../event.ts';
import type { Comparison, Value, Where } from './ast.ts';
import { anyVersionOf } from './cdevent-type.ts';
import { parsePattern } from './pattern/parse.ts';
import { searcherOf } from './pattern/search.ts';
import { getterOf, type Held, numberOf } from './scalar.ts';

/** Whether an event matches a query. */
export type Matches = (event: Event) => boolean;

/** The query as a function: it never throws, and needs time linear in the event's size. */
export function compileWhere(where: Where): Matches {
  if ('field' in where) return condition(where);
  switch (where.kind) {
    case 'literal': {
      const { value } = where;
      return () => value;
    }
    case 'not': {
      const of = compileWhere(where.of);
      return (event) => !of(event);
    }
    case 'and':
      return all(chain(where, 'and').map(compileWhere));
    case 'or':
      return any(chain(where, 'or').map(compileWhere));
    case 'tagged': {
      const { tag } = where;
      return (event) => event.tags?.includes(tag) ?? false;
    }
  }
}

/** The operands of a run of `and` or of `or`, however it is nested; long runs are common. */
export function chain(where: Where, kind: 'and' | 'or'): Where[] {
  const operands: Where[] = [];
  const todo = [where];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next.kind === kind) todo.push(next.of[1], next.of[0]);
    else operands.push(next);
  }
  return operands;
}

function all(of: readonly Matches[]): Matches {
  const [first, second] = of;
  if (of.length === 2 && first !== undefined && second !== undefined)
    return (event) => first(event) && second(event);
  return (event) => {
    for (const matches of of) if (!matches(event)) return false;
    return true;
  };
}

function any(of: readonly Matches[]): Matches {
  const [first, second] = of;
  if (of.length === 2 && first !== undefined && second !== undefined)
    return (event) => first(event) || second(event);
  return (event) => {
    for (const matches of of) if (matches(event)) return true;
    return false;
  };
}

type Condition = Extract<Where, { readonly field: unknown }>;

function condition(where: Condition): Matches {
  const get = getterOf(where.field);
  switch (where.kind) {
    case 'present':
      return (event) => get(event) !== undefined;
    case 'equal': {
      const equal = equality(where.value);
      return where.not ? (event) => !equal(get(event)) : (event) => equal(get(event));
    }
    case 'anyVersion': {
      const equal = onText(get, anyVersionOf(where.type));
      return where.not ? (event) => !equal(event) : equal;
    }
    case 'compare': {
      const holds = comparisons[where.op];
      const { value } = where;
      return (event) => {
        const number = numberOf(get(event));
        return number !== undefined && holds(number, value);
      };
    }
    case 'like':
      return onText(get, likeness(where.parts));
    case 'regex':
      return onText(get, searcher(where.pattern));
  }
}

const comparisons: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function equality(value: Value): (held: Held) => boolean {
  // History cannot tell the empty text from none.
  if (value === null || value === '') return (held) => held === undefined;
  if (typeof value === 'number') return (held) => numberOf(held) === value;
  if (typeof value === 'string') return (held) => held === value;
  const text = String(value);
  return (held) => held === value || held === text;
}

function onText(get: (event: Event) => Held, matches: (text: string) => boolean): Matches {
  return (event) => {
    const held = get(event);
    return typeof held === 'string' && matches(held);
  };
}

function likeness(parts: readonly string[]): (text: string) => boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const middle = rest.filter((part) => part !== '');
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    const to = text.length - last.length;
    for (const part of middle) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= to;
  };
}

function searcher(pattern: string): (text: string) => boolean {
  const parsed = parsePattern(pattern);
  // parseWhere refuses such a pattern; a tree made by hand matches nothing by it.
  return 'tree' in parsed ? searcherOf(parsed.tree) : () => false;
}
