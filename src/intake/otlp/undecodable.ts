import { intakeErrors } from '../errors.ts';

/** Why a body is not what OpenTelemetry's protocol says: nothing in it is taken. */
export function undecodable(what: string, value: unknown): Error {
  const shown = JSON.stringify(value)?.slice(0, 64) ?? String(value);
  return intakeErrors('DECODE', `The body is no OTLP export: ${what}, it is ${shown}.`);
}
