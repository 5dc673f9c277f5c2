import type { Event } from '../../event/event.ts';
import { parseField } from '../../event/where/parse.ts';
import { type Held, getterOf } from '../../event/where/scalar.ts';
import { ruleError } from '../errors.ts';
import { textOf } from './text.ts';

const place = /\{([^{}]*)\}/g;
const formats: Readonly<Record<string, (value: number) => string>> = {
  percent: (value) => `${round(value * 100)} %`,
  round: (value) => String(Math.round(value)),
  number: (value) => String(round(value)),
};

/** At most three significant decimals, without zeros at the end. */
function round(value: number): number {
  return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) + 1)))));
}

type Part = (event: Event) => string;

/** Throws TERR_RULE_ARGUMENT that names `argument` when a place of the template can't be read. */
export function checkTemplate(template: string, argument: string): void {
  if (typeof template !== 'string')
    throw ruleError('ARGUMENT', `${argument}: must be a text`, { field: argument });
  for (const [whole, inside = ''] of template.matchAll(place)) partOf(whole, inside, argument);
}

/**
 * The text of an event by a template: `{service}` is a field as in a `where` query, `{metric:percent}`
 * a number in a format (percent, round, number). A field that the event lacks is `?`.
 */
export function compileTemplate(template: string): Part {
  const parts: Part[] = [];
  let at = 0;
  for (const match of template.matchAll(place)) {
    const before = template.slice(at, match.index);
    if (before !== '') parts.push(() => before);
    parts.push(partOf(match[0], match[1] ?? '', 'template'));
    at = match.index + match[0].length;
  }
  const rest = template.slice(at);
  if (rest !== '') parts.push(() => rest);
  return (event) => parts.map((part) => part(event)).join('');
}

function partOf(whole: string, inside: string, argument: string): Part {
  const [name = '', format] = inside.split(':');
  const write = format === undefined ? String : formats[format];
  if (!write)
    throw ruleError(
      'ARGUMENT',
      `${argument}: ${whole} has no format "${format}"; there are ${Object.keys(formats).join(', ')}`,
      { field: argument },
    );
  if (name === 'text') return (event) => textOf(event) ?? '';
  const get = fieldGetter(name, whole, argument);
  return (event) => {
    const value = get(event);
    if (value === undefined) return '?';
    if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
    return format === undefined ? String(round(value)) : write(value);
  };
}

function fieldGetter(name: string, whole: string, argument: string): (event: Event) => Held {
  try {
    return getterOf(parseField(name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw ruleError('ARGUMENT', `${argument}: ${whole} names no field: ${reason}`, {
      field: argument,
      cause,
    });
  }
}
