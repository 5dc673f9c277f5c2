import { Type } from 'typebox';
import { addUser, changeUser, removeUser, showUser } from '../accounts/users.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers, done, made } from './answers.ts';
import { NewUser, SignInLink, User, UserChange, Users } from './contract.ts';

const Named = Type.Object({ name: Type.String() });
const config = { needs: 'administer' } as const;
const tags = ['accounts'];

/** /api/v1/users and /api/v1/users/:name */
export function addUserRoutes(app: App, parts: Parts): void {
  const { accounts, now } = parts;
  app.get(
    '/api/v1/users',
    { schema: { summary: 'Users', tags, response: answers(Users, 401, 403) }, config },
    async () => ({ users: [...accounts.book.users.values()].map(showUser) }),
  );
  app.post(
    '/api/v1/users',
    {
      schema: {
        summary: 'Add a user',
        tags,
        body: NewUser,
        response: made(User, 400, 401, 403, 409),
      },
      config,
    },
    async (request, reply) => {
      const by = { actor: actorOf(request).name, now: now() };
      return reply.code(201).send(await addUser(accounts.book, request.body, by));
    },
  );
  addChanges(app, parts);
  app.post(
    '/api/v1/users/:name/link',
    {
      schema: {
        summary: 'A one-time link that signs this user in',
        tags,
        params: Named,
        response: made(SignInLink, 401, 403, 404),
      },
      config,
    },
    async (request, reply) => {
      const link = accounts.linkFor(request.params.name);
      const url = `${parts.publicUrl()}/sign-in#token=${link.code}`;
      return reply.code(201).send({ url, expires: link.until });
    },
  );
}

function addChanges(app: App, { accounts, now }: Parts): void {
  const endSessions = (name: string) =>
    accounts.sessions.endAll((holder) => holder.kind === 'user' && holder.name === name);
  app.patch(
    '/api/v1/users/:name',
    {
      schema: {
        summary: 'Change role or password, or disable; ends the sessions of the user',
        tags,
        params: Named,
        body: UserChange,
        response: answers(User, 400, 404, 409),
      },
      config,
    },
    async (request) => {
      const { name } = request.params;
      const by = { actor: actorOf(request).name, now: now() };
      const user = await changeUser(accounts.book, name, request.body, by);
      endSessions(name);
      return user;
    },
  );
  app.delete(
    '/api/v1/users/:name',
    {
      schema: {
        summary: 'Remove a user, at once',
        tags,
        params: Named,
        response: done(401, 403, 404, 409),
      },
      config,
    },
    async (request, reply) => {
      const { name } = request.params;
      await removeUser(accounts.book, name, actorOf(request).name);
      endSessions(name);
      return reply.code(204).send();
    },
  );
}
