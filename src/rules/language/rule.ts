import { ruleError } from '../errors.ts';
import { type Duration, countOf, durationOf } from './check-args.ts';
import { declareRule } from './collect.ts';
import type { Decided } from './decide.ts';
import { type RuleSettings, defaultSettings } from './plan.ts';

/** Settings of one rule; what is left out is as `defaultSettings`. */
export interface RuleOptions {
  readonly lateness?: Duration | '0s';
  readonly idle?: Duration;
  readonly maxKeys?: number;
}

const mostKeys = 1_000_000;
const nameShape = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/**
 * Declares a rule: a name, and a function that builds its chain (or several) once. Throws
 * TERR_RULE_NAME, TERR_RULE_DUPLICATE, TERR_RULE_ARGUMENT, TERR_RULE_OUTSIDE, and what the chain
 * throws.
 */
export function rule(name: string, build: () => Decided | readonly Decided[]): void;
export function rule(
  name: string,
  options: RuleOptions,
  build: () => Decided | readonly Decided[],
): void;
export function rule(
  name: string,
  second: RuleOptions | (() => Decided | readonly Decided[]),
  third?: () => Decided | readonly Decided[],
): void {
  const build = typeof second === 'function' ? second : third;
  const options = typeof second === 'function' ? {} : second;
  if (typeof name !== 'string' || !nameShape.test(name))
    throw ruleError(
      'NAME',
      `${JSON.stringify(name)} can't be the name of a rule: use letters, digits, ".", "_" and "-", at most 100`,
    );
  if (!build) throw ruleError('ARGUMENT', `rule "${name}": the function that builds it is missing`);
  const ends = [build()].flat() as readonly Decided[];
  if (ends.length === 0 || ends.some((end) => end?.node === undefined))
    throw ruleError(
      'ARGUMENT',
      `rule "${name}" must end in a decision: emit, alert, notify or scale`,
    );
  declareRule({ name, settings: settingsOf(options), ends: ends.map(({ node }) => node) });
}

function settingsOf({ lateness, idle, maxKeys }: RuleOptions): RuleSettings {
  const late =
    lateness === undefined || lateness === '0s' ? lateness && 0 : durationOf(lateness, 'lateness');
  return {
    lateness: late ?? defaultSettings.lateness,
    idle: idle === undefined ? defaultSettings.idle : durationOf(idle, 'idle'),
    maxKeys: Math.min(countOf(maxKeys ?? defaultSettings.maxKeys, 'maxKeys'), mostKeys),
  };
}
