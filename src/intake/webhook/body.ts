import { isRecord } from '../../event/json.ts';
import { parseTime } from '../../event/time.ts';

/** UTF-16 units of a text that is taken out of a body. */
const maxText = 1_000;
/** Elements of a list that are looked at. */
const maxItems = 10_000;

/**
 * A part of a body that somebody else wrote: what is asked for is there with the right kind, or it
 * is undefined. Never throws. Names lead to own properties only, so that `__proto__` is a name like
 * any other.
 */
export class Body {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** The part at a path such as `pull_request.head.sha`; the names of lists are their indexes. */
  at(path: string): Body {
    let here = this.value;
    for (const name of path.split('.')) {
      if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name))
        return new Body(undefined);
      here = (here as Readonly<Record<string, unknown>>)[name]; // an own property
    }
    return new Body(here);
  }

  /** Text that is not empty, whole or cut to 1,000 characters; numbers and booleans as text. */
  text(path: string, length = maxText): string | undefined {
    const { value } = this.at(path);
    if (typeof value === 'string') {
      const found = cut(value, length);
      return found.trim() === '' ? undefined : found;
    }
    const plain = typeof value === 'boolean' || (typeof value === 'number' && isFinite(value));
    return plain ? String(value) : undefined;
  }

  /** The first of several paths that has text. */
  first(...paths: readonly string[]): string | undefined {
    for (const path of paths) {
      const found = this.text(path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  number(path: string): number | undefined {
    const { value } = this.at(path);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  /** Whether there is a `true`. */
  is(path: string): boolean {
    return this.at(path).value === true;
  }

  /** A moment, ms since the epoch; undefined where there is none that makes sense. */
  time(...paths: readonly string[]): number | undefined {
    for (const path of paths) {
      const found = momentOf(this.at(path).value);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The elements of a list; none where there is no list. */
  list(path: string): readonly Body[] {
    const { value } = this.at(path);
    return Array.isArray(value) ? value.slice(0, maxItems).map((item) => new Body(item)) : [];
  }

  /** The names and texts of an object; what is no text is left out. */
  texts(path: string): (readonly [name: string, text: string])[] {
    const { value } = this.at(path);
    if (!isRecord(value)) return [];
    const body = new Body(value);
    return Object.keys(value).flatMap((name) => {
      const text = name.includes('.') ? new Body([value[name]]).text('0') : body.text(name);
      return text === undefined ? [] : [[cut(name, 256), text] as const];
    });
  }
}

/** Whole characters only, and none that is no character. */
export function cut(text: string, length = maxText): string {
  const start = text.length <= length ? text : text.slice(0, length);
  return start.replace(/\p{Surrogate}/gu, '');
}

/**
 * RFC 3339 and what products write in its place (`2026-01-31 10:00:00 UTC`, `… +0100`), seconds or
 * ms since the epoch. Go's zero time, year 1, is none.
 */
function momentOf(value: unknown): number | undefined {
  if (typeof value === 'number') {
    if (!(value > 1e8) || value > 8.64e15) return undefined;
    return Math.trunc(value < 1e11 ? value * 1000 : value);
  }
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const text = value
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
    .replace(/ (UTC|Z)$/, 'Z')
    .replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2');
  const time = parseTime(text);
  return time === undefined || time <= 0 ? undefined : time;
}
