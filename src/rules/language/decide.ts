import { parseWhere } from '../../event/where/parse.ts';
import { ruleError } from '../errors.ts';
import { countOf, type Duration, durationOf } from './check-args.ts';
import type { PlanNode, RuleEvent } from './plan.ts';
import { checkTemplate } from './template.ts';

/** A chain that ends in a decision; what `rule` takes. */
export interface Decided {
  readonly node: PlanNode;
}

/** What `emit` puts on the log. */
export interface EmitOptions {
  /** Name of the reading. */
  readonly name?: string;
  /** Type of the event; `metric` by default, so a reading. A CDEvents type makes it a fact. */
  readonly type?: string;
  /** How long the reading is good for. */
  readonly ttl?: Duration;
}

/** What `alert` says. Texts are templates: `{service}`, `{metric:percent}`. */
export interface AlertOptions {
  readonly title: string;
  /** Who is to look at it. */
  readonly team?: string;
  /** Address of what to do. */
  readonly runbook?: string;
  /** When it is over; `state = "ok"` by default. */
  readonly resolve?: string;
}

/** What `notify` says; templates. */
export interface NotifyOptions {
  readonly title?: string;
  readonly body?: string;
}

export interface ScaleOptions {
  /** Template: `workers/{service}`. */
  readonly target: string;
  readonly want: (event: RuleEvent) => number;
  readonly min: number;
  readonly max: number;
  /** How long after one decision there is no other for the target. */
  readonly cooldown: Duration;
}

/** The end of a chain that puts an event on the log. Throws TERR_RULE_ARGUMENT. */
export function emitNode(input: PlanNode, { name, type, ttl }: EmitOptions): Decided {
  if (name === undefined && type === undefined)
    throw ruleError('ARGUMENT', 'emit: give the event a name or a type', { field: 'name' });
  const args = {
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(ttl === undefined ? {} : { ttl: durationOf(ttl, 'ttl') }),
  };
  return { node: { op: 'emit', args, inputs: [input] } };
}

/** The end of a chain that opens and resolves an alert. Throws TERR_RULE_ARGUMENT, TERR_WHERE_… */
export function alertNode(input: PlanNode, options: AlertOptions): Decided {
  const { resolve = 'state = "ok"' } = options;
  checkTemplate(options.title, 'title');
  parseWhere(resolve);
  return { node: { op: 'alert', args: { ...options, resolve }, inputs: [input] } };
}

const receiver = /^(mail:[^\s@]+@[^\s@]+|webhook:[\w.-]+|browser)$/;

/** The end of a chain that sends messages. Throws TERR_RULE_ARGUMENT. */
export function notifyNode(input: PlanNode, to: string, options: NotifyOptions): Decided {
  if (!receiver.test(to))
    throw ruleError(
      'ARGUMENT',
      `notify: "${to}" is nobody; write mail:ADDRESS, webhook:NAME or browser`,
      { field: 'to' },
    );
  const { title = '{name} {state}', body = '{text}' } = options;
  checkTemplate(title, 'title');
  checkTemplate(body, 'body');
  return { node: { op: 'notify', args: { to, title, body }, inputs: [input] } };
}

/** The end of a chain that says how many there should be. Throws TERR_RULE_ARGUMENT. */
export function scaleNode(input: PlanNode, options: ScaleOptions): Decided {
  const { target, want, min, max, cooldown } = options;
  checkTemplate(target, 'target');
  countOf(min, 'min', 0);
  countOf(max, 'max', min);
  const args = { target, want, min, max, cooldown: durationOf(cooldown, 'cooldown') };
  return { node: { op: 'scale', args, inputs: [input] } };
}
