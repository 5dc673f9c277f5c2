import type { Field, Where } from '../../event/where/ast.ts';
import { type Matches, compileWhere } from '../../event/where/compile.ts';
import { parseWhere } from '../../event/where/parse.ts';

/** What a tail lets through. */
export interface Filter {
  /** Equal filters have equal keys, so that what one client found serves the others. */
  readonly key: string;
  /** Undefined when everything matches. */
  readonly matches: Matches | undefined;
  /**
   * The line of an event that matches holds at least one of these bytes, so that lines without
   * need not be decoded; undefined when nothing of the kind is known.
   */
  readonly needles: readonly Buffer[] | undefined;
}

/** Throws TERR_WHERE_… */
export function filterOf(text: string | undefined): Filter {
  if (text === undefined || text.trim() === '')
    return { key: '', matches: undefined, needles: undefined };
  const where = parseWhere(text);
  const needles = needlesOf(where)?.map((needle) => Buffer.from(needle));
  return { key: text, matches: compileWhere(where), needles };
}

/** Searching for more alternatives than this costs about as much as decoding. */
const maxNeedles = 8;

/** Texts of which every matching event's JSON line holds at least one. */
export function needlesOf(where: Where): readonly string[] | undefined {
  if (where.kind === 'and') {
    const [a, b] = where.of.map(needlesOf);
    return a && b ? sharper(a, b) : (a ?? b);
  }
  if (where.kind === 'or') {
    const [a, b] = where.of.map(needlesOf);
    return a && b && a.length + b.length <= maxNeedles ? [...a, ...b] : undefined;
  }
  if (where.kind === 'tagged') return needle(where.tag, '"');
  return needleOfCondition(where);
}

function needleOfCondition(where: Where): readonly string[] | undefined {
  if (where.kind === 'equal' && !where.not && typeof where.value === 'string')
    return isInLine(where.field) ? needle(where.value, '"') : undefined;
  if (where.kind === 'anyVersion' && !where.not) return needle(where.type, '');
  if (where.kind === 'like' && isInLine(where.field))
    return needle(where.parts.toSorted((a, b) => b.length - a.length)[0] ?? '', '');
  return undefined;
}

/** `source` and `id` may be left out of a line, and `data` may hold any JSON spelling of a text. */
function isInLine(field: Field): boolean {
  if (field.kind === 'attribute') return true;
  return field.kind === 'column' && field.name !== 'source' && field.name !== 'id';
}

/** Only texts that JSON has one spelling for, and long enough to be rare. */
function needle(text: string, quote: string): readonly string[] | undefined {
  return text.length >= 2 && /^[ !#-[\]-~]+$/.test(text) ? [`${quote}${text}${quote}`] : undefined;
}

/** Of two conditions that must both hold, the one that fewer lines are likely to meet. */
function sharper(a: readonly string[], b: readonly string[]): readonly string[] {
  const shortest = (needles: readonly string[]) => Math.min(...needles.map((n) => n.length));
  if (a.length !== b.length) return a.length < b.length ? a : b;
  return shortest(a) >= shortest(b) ? a : b;
}
