import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { type Request, call } from '../api.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { cliErrors } from '../errors.ts';

/** What every command about gates can be given. */
export interface GatesOptions extends ConnectionOptions {
  readonly json?: boolean;
}

/** Sends a request; its answer as the schema has it. Throws as `call`, TERR_CLI_ANSWER. */
export async function ask<T extends TSchema>(
  schema: T,
  request: Request,
  { options, context }: { readonly options: GatesOptions; readonly context: Context },
): Promise<Static<T>> {
  const { path } = request;
  const answer = await call(connect(options, context), {
    ...request,
    path: `api/v1/releases/${path}`,
  });
  if (Value.Check(schema, answer)) return answer;
  throw cliErrors('ANSWER', 'the answer can not be understood; is the server of another version?');
}

/**
 * A time that is usually ahead, in ms: a duration from `now` (`2h`), RFC 3339 with an offset, a date
 * (midnight UTC), or ms since the epoch. Throws TERR_CLI_USAGE that names `field`.
 */
export function parseAhead(text: string, field: string, now: number): number {
  if (/^\d{11,}$/.test(text)) return Number(text);
  if (/^\d+(ms|s|m|h|d|w)$/.test(text)) return now + parseDuration(text, field);
  const exact = /(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : NaN;
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  const found = Number.isNaN(exact) ? day : exact;
  if (!Number.isNaN(found)) return found;
  throw cliErrors(
    'USAGE',
    `"${text}" is no time; write e.g. 2h (from now), 2026-05-01T18:00:00+02:00, 2026-05-01 (midnight UTC) or ms since the epoch`,
    { field },
  );
}

/** The time of an option that may be left out. */
export function aheadIn(
  options: Readonly<Record<string, unknown>>,
  name: string,
  now: number,
): Record<string, number> {
  const text = options[name];
  return typeof text === 'string' ? { [name]: parseAhead(text, `--${name}`, now) } : {};
}

/** The one that is meant by the start of its id, or by its scope when there is one of that. */
export function pick<G extends { readonly id: string; readonly scope: string }>(
  gates: readonly G[],
  which: string,
  kind: string,
): G {
  const named = gates.filter(({ scope }) => scope === which);
  const byId = gates.filter(({ id }) => which.length >= 4 && id.startsWith(which));
  const [found, another] = named.length > 0 ? named : byId;
  if (found && another === undefined) return found;
  const ids = named.map(({ id }) => id).join(', ');
  throw cliErrors(
    'USAGE',
    found
      ? `there are several ${kind}s of "${which}"; give the id of one: ${ids}`
      : `there is no ${kind} "${which}"; \`territory gates\` lists what stands`,
  );
}
