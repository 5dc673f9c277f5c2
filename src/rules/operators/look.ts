import type { Event } from '../../event/event.ts';
import { compileWhere, type Matches } from '../../event/where/compile.ts';
import { parseField, parseWhere } from '../../event/where/parse.ts';
import { getterOf } from '../../event/where/scalar.ts';
import type { Arg, RuleEvent } from '../language/plan.ts';
import { textOf } from '../language/text.ts';

/**
 * The event as functions of rules see it: with its `text`. Not a copy: most events of a rule never
 * meet a function, and those that do meet several.
 */
export function shown(event: Event): RuleEvent {
  if ('text' in event) return event as RuleEvent; // shown before
  const text = textOf(event);
  return text === undefined ? event : { ...event, text };
}

/** A condition of the language as a function. */
export function conditionOf(condition: Arg): Matches {
  if (typeof condition === 'string') return compileWhere(parseWhere(condition));
  const holds = condition as (event: RuleEvent) => boolean; // as `Stream.where` took it
  return (event) => holds(shown(event));
}

/** What an operator looks at: one comparable value of an event; undefined when it has none. */
export function lookOf(look: Arg): (event: Event) => string | number | undefined {
  const get =
    typeof look === 'string'
      ? getterOf(parseField(look))
      : (event: Event) => (look as (event: RuleEvent) => unknown)(shown(event));
  return (event) => {
    const value = get(event);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return value;
    return JSON.stringify(value);
  };
}

/** A condition, look or text in the picture of the plan. */
export function written(value: Arg): string {
  if (typeof value === 'function') return String(value).replaceAll(/\s+/g, ' ').slice(0, 80);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
