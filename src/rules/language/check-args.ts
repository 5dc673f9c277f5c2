import { parseDuration } from '../../event/quantity.ts';
import { ruleError } from '../errors.ts';

/** A length of time as rules write it: `500ms`, `30s`, `5m`, `2h`, `7d`, `1w`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

/** Milliseconds, more than 0. Throws TERR_RULE_ARGUMENT that names `argument`. */
export function durationOf(value: Duration, argument: string): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined || ms <= 0)
    throw ruleError(
      'ARGUMENT',
      `${argument}: ${JSON.stringify(value)} is no duration; write e.g. '30s', '5m' or '2h'`,
      { field: argument },
    );
  return ms;
}

/** A whole number from `least` on. Throws TERR_RULE_ARGUMENT that names `argument`. */
export function countOf(value: number, argument: string, least = 1): number {
  if (!Number.isInteger(value) || value < least)
    throw ruleError(
      'ARGUMENT',
      `${argument}: ${String(value)} must be a whole number from ${least} on`,
      { field: argument },
    );
  return value;
}
