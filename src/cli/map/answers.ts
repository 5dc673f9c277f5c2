import { Value } from 'typebox/value';
import { MapAnswer } from '../../server/api/contract-map.ts';
import { call } from '../api.ts';
import type { Connection } from '../connection.ts';
import { cliErrors } from '../errors.ts';

/** The map of a server, now or as it was at a time (ms). Throws as `call`. */
export async function fetchMap(
  connection: Connection,
  at?: number,
): Promise<{ readonly json: unknown; readonly map: MapAnswer }> {
  const path = at === undefined ? 'api/v1/map' : `api/v1/map?at=${at}`;
  const json = await call(connection, { method: 'GET', path });
  if (!Value.Check(MapAnswer, json)) throw notUnderstood();
  return { json, map: json };
}

/** TERR_CLI_ANSWER */
export const notUnderstood = () =>
  cliErrors('ANSWER', 'the answer can not be understood; is the server of another version?');
