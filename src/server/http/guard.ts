import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Right } from '../accounts/rights.ts';
import { sameDigest } from '../accounts/secret.ts';
import { accountsError } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route that is not open. */
    actor: Actor | undefined;
  }
  interface FastifyContextConfig {
    /** The right that the route needs; `read` when left out, `nobody`: open to all. */
    needs?: Right | 'nobody' | 'anybody';
    /** A POST that changes nothing (a query) needs no CSRF token. */
    changes?: false;
  }
}

/** Lets a request through to its route only with the right that the route needs. */
export function guard(accounts: Accounts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { needs = 'read', changes } = request.routeOptions.config;
    refuseForeignSite(request);
    if (needs === 'nobody') return;
    const actor = accounts.authenticate(request.headers);
    if (actor === undefined) {
      reply.header('www-authenticate', 'Bearer realm="territory"');
      throw accountsError(
        'UNAUTHENTICATED',
        'send "Authorization: Bearer tty_…" (the first start wrote one to admin.token), or sign in at /sign-in',
      );
    }
    if (needs !== 'anybody' && !actor.rights.has(needs))
      throw accountsError(
        'FORBIDDEN',
        `${actor.name} may not ${needs}; ask an admin for a role that may`,
      );
    if (isChange(request) && changes !== false) checkCsrf(actor, request);
    request.actor = actor;
  };
}

/** The actor of a route that is not open. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === undefined) throw accountsError('UNAUTHENTICATED', 'sign in first');
  return request.actor;
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** Browsers say when another site made the request (Fetch Metadata); no API is meant for those. */
function refuseForeignSite(request: FastifyRequest): void {
  if (isChange(request) && request.headers['sec-fetch-site'] === 'cross-site')
    throw accountsError('CSRF', 'another site made this request; it is not carried out');
}

function checkCsrf(actor: Actor, request: FastifyRequest): void {
  if (actor.csrf === undefined) return;
  const sent = request.headers['x-csrf-token'];
  if (typeof sent !== 'string' || !sameDigest(actor.csrf, sent))
    throw accountsError(
      'CSRF',
      'send the csrf of GET /api/v1/session as X-CSRF-Token with every change made by cookie',
    );
}
