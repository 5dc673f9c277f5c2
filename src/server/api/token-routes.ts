import { Type } from 'typebox';
import { issueToken, revokeToken, showToken } from '../accounts/tokens.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers, done, made } from './answers.ts';
import { IssuedToken, NewToken, Tokens } from './contract.ts';

/** GET and POST /api/v1/tokens, DELETE /api/v1/tokens/:id */
export function addTokenRoutes(app: App, { accounts, now }: Parts): void {
  const tags = ['accounts'];
  const config = { needs: 'administer' } as const;
  app.get(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'Tokens, without their secrets',
        tags,
        response: answers(Tokens, 401, 403),
      },
      config,
    },
    async () => ({ tokens: [...accounts.book.tokens.values()].map(showToken) }),
  );
  app.post(
    '/api/v1/tokens',
    {
      schema: {
        summary: 'Issue a token; its secret is shown in this answer only',
        tags,
        body: NewToken,
        response: made(IssuedToken, 400, 401, 403, 409),
      },
      config,
    },
    async (request, reply) => {
      const by = { actor: actorOf(request).name, now: now() };
      return reply.code(201).send(await issueToken(accounts.book, request.body, by));
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    {
      schema: {
        summary: 'Revoke a token, at once',
        tags,
        params: Type.Object({ id: Type.String() }),
        response: done(401, 403, 404, 409),
      },
      config,
    },
    async (request, reply) => {
      const { id } = request.params;
      await revokeToken(accounts.book, id, actorOf(request).name);
      accounts.sessions.endAll((holder) => holder.kind === 'token' && holder.id === id);
      return reply.code(204).send();
    },
  );
}
