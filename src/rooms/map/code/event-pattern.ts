import type { EventPattern } from '../model.ts';
import type { Slip } from './edge-text.ts';

const word = '[A-Za-z0-9_-]+|\\*';
const head = new RegExp(`^(${word})\\.(${word})`);
const field = /^[A-Za-z_][\w.-]*$/;

/** Reads `service.deployed[env=production,outcome=pass|fail]`. */
export function parsePattern(text: string): EventPattern | Slip {
  const found = head.exec(text);
  if (!found)
    return { at: 0, wrong: 'an event is written subject.predicate, such as build.finished' };
  const [all, subject = '', predicate = ''] = found;
  const rest = text.slice(all.length);
  if (rest.trim() === '') return { subject, predicate, where: [], text };
  const open = text.indexOf('[');
  if (!rest.startsWith('[')) return { at: all.length, wrong: behind };
  if (!rest.endsWith(']')) return { at: text.length - 1, wrong: 'a "]" is missing at its end' };
  const where: { field: string; values: string[] }[] = [];
  for (const { part, at } of partsOf(text.slice(open + 1, -1), ',', open + 1)) {
    const condition = conditionIn(part, at);
    if ('wrong' in condition) return condition;
    where.push(condition);
  }
  return { subject, predicate, where, text };
}

const behind =
  'behind an event only conditions in brackets may stand: service.deployed[env=production]';

function conditionIn(
  part: string,
  at: number,
): (EventPattern['where'][number] & { values: string[] }) | Slip {
  const equals = part.indexOf('=');
  if (equals < 0)
    return {
      at: at + leading(part),
      wrong: 'a condition is written field=value, or field=value|value',
    };
  const name = part.slice(0, equals).trim();
  if (!field.test(name))
    return { at: at + leading(part), wrong: 'before "=" the name of a field is expected' };
  const values: string[] = [];
  for (const one of partsOf(part.slice(equals + 1), '|', at + equals + 1)) {
    const value = unquoted(one.part.trim());
    if (value === '' || /[[\]=]/.test(value))
      return { at: one.at + leading(one.part), wrong: `"${name}" has no value here` };
    values.push(value);
  }
  return { field: name, values };
}

/** Quotes around a value are no part of it. */
const unquoted = (text: string): string => /^(["'])(.+)\1$/.exec(text)?.[2] ?? text;

const leading = (text: string): number => text.length - text.trimStart().length;

function partsOf(text: string, by: string, at: number): { part: string; at: number }[] {
  let next = at;
  return text.split(by).map((part) => {
    const start = next;
    next += part.length + 1;
    return { part, at: start };
  });
}

/** Reads `build.started..build.finished`. */
export function parseInterval(
  text: string,
): { readonly start: EventPattern; readonly end: EventPattern } | Slip {
  const middle = splitAt(text);
  if (middle === undefined)
    return { at: 0, wrong: 'work is between two events: build.started..build.finished' };
  const start = parsePattern(text.slice(0, middle));
  if ('wrong' in start) return start;
  const end = parsePattern(text.slice(middle + 2));
  return 'wrong' in end ? { ...end, at: end.at + middle + 2 } : { start, end };
}

/** The first `..` that does not stand in brackets. */
function splitAt(text: string): number | undefined {
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') inside = true;
    else if (text[at] === ']') inside = false;
    else if (!inside && text.startsWith('..', at)) return at;
  }
  return undefined;
}
