import { parseDuration as readDuration } from '../event/quantity.ts';
import { cliErrors } from './errors.ts';

/** A duration such as `30s`, `5m` or `7d` in ms. Throws TERR_CLI_USAGE that names `field`. */
export function parseDuration(text: string, field: string): number {
  const ms = readDuration(text);
  if (ms === undefined)
    throw cliErrors('USAGE', `"${text}" is no duration; write e.g. 30s, 5m, 1h or 7d`, { field });
  return ms;
}

/**
 * A time as people write it, in ms: RFC 3339 with an offset, ms since the epoch, or a duration
 * before `now` (`15m`). Throws TERR_CLI_USAGE that names `field`.
 */
export function parseTime(text: string, field: string, now: number): number {
  if (/^\d{11,}$/.test(text)) return Number(text);
  if (/^\d+(ms|s|m|h|d|w)$/.test(text)) return now - parseDuration(text, field);
  const time = /(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const found = Number.isNaN(time) ? day : time;
  if (Number.isNaN(found))
    throw cliErrors(
      'USAGE',
      `"${text}" is no time; write e.g. 2026-05-01T12:00:00Z, 2026-05-01 (midnight UTC), ` +
        'ms since the epoch, or 15m for a quarter of an hour ago',
      { field },
    );
  return found;
}
