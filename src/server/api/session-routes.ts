import type { FastifyReply } from 'fastify';
import { cookieOf, sessionCookie } from '../accounts/accounts.ts';
import type { Actor } from '../accounts/actor.ts';
import { accountsError } from '../errors.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers, done } from './answers.ts';
import { Session, SignIn } from './contract.ts';

/** GET, POST and DELETE /api/v1/session */
export function addSessionRoutes(app: App, { accounts, config, publicUrl }: Parts): void {
  const tags = ['accounts'];
  const path = '/api/v1/session';
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    get secure() {
      return config.tls.cert !== undefined || publicUrl().startsWith('https:');
    },
  } as const;
  app.get(
    path,
    {
      schema: { summary: 'Who am I', tags, response: answers(Session, 401, 403) },
      config: { needs: 'read' },
    },
    async (request) => sessionOf(actorOf(request)),
  );
  app.post(
    path,
    {
      schema: {
        summary: 'Sign in with name and password, a token, or the code of a one-time link',
        tags,
        body: SignIn,
        response: answers(Session, 400, 401, 429),
      },
      config: { needs: 'nobody' },
    },
    async (request, reply) => {
      const signedIn = await accounts.signIn(request.body, request.ip);
      void reply.setCookie(sessionCookie, signedIn.cookie, {
        ...cookie,
        maxAge: Math.floor(config.sessions.lifetime / 1000),
      });
      return sessionOf(signedIn.actor);
    },
  );
  app.delete(
    path,
    {
      schema: {
        summary: 'Sign out',
        tags,
        response: done(401),
      },
      config: { needs: 'anybody' },
    },
    async (request, reply): Promise<FastifyReply> => {
      const value = cookieOf(request.headers.cookie, sessionCookie);
      if (value !== undefined) accounts.sessions.end(value);
      return reply.clearCookie(sessionCookie, cookie).code(204).send();
    },
  );
}

/** Throws TERR_ACCOUNTS_FORBIDDEN for a token that only sends: it has no place in the console. */
function sessionOf({ name, role, csrf = '' }: Actor): Session {
  if (role === undefined) throw accountsError('FORBIDDEN', 'this token may only send events');
  return { name, role, csrf };
}
