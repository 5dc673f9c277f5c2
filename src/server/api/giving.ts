import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { shortName } from '../../rooms/alerts/names.ts';
import { actorOf } from '../http/guard.ts';
import type { Giving } from '../rooms/keeper.ts';

/** For the description of routes whose commands go by `givenBy`. */
export const again =
  'With the header `Idempotency-Key`, the same request sent again by the same actor is carried out once.';

export const idParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

/** Who gives a command; named by the sender's key, so that his retry is the same command. */
export function givenBy(request: FastifyRequest): Giving {
  const actor = actorOf(request);
  const key = request.headers['idempotency-key'];
  const id =
    typeof key === 'string' && key !== ''
      ? shortName(actor.kind, actor.name, request.url, key)
      : randomUUID();
  return { actor: actor.name, id };
}
