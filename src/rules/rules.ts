/**
 * The language of rules, `territory/rules`: what a rule file imports.
 *
 *     import { events, ratio, rule } from 'territory/rules';
 *
 *     rule('checkout-conversion', () =>
 *       ratio(
 *         events.where('name = "orders.placed"').window({ every: '1m' }).sum(),
 *         events.where('name = "baskets.opened"').window({ every: '1m' }).sum(),
 *       ).emit({ name: 'checkout.conversion', ttl: '3m' }));
 */
export { rule, type RuleOptions } from './language/rule.ts';
export { combine, moved, type MovedOptions, ratio } from './language/join.ts';
export {
  type Condition,
  events,
  type LevelOptions,
  type Look,
  type Patch,
  type Stream,
  type SuspectsOptions,
} from './language/stream.ts';
export type { Window, WindowShape } from './language/window.ts';
export type {
  AlertOptions,
  Decided,
  EmitOptions,
  NotifyOptions,
  ScaleOptions,
} from './language/decide.ts';
export type { Duration } from './language/check-args.ts';
export type { RuleEvent } from './language/plan.ts';
