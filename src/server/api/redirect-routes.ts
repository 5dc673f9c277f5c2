import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { maxMapBytes } from '../redirects/desk.ts';
import { usageOfMap } from '../redirects/usage.ts';
import { answers, done } from './answers.ts';
import {
  ImportAnswer,
  RedirectMap,
  RedirectMapAnswer,
  RedirectMaps,
  RedirectUsage,
  UsageQuery,
  VerifyBody,
} from './contract-redirects.ts';
import { again, givenBy } from './giving.ts';

const tags = ['redirects'];
const act = { needs: 'act' } as const;
const base = '/api/v1/redirects';
const params = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) });
const defaultDays = 30;
/** ms that the usage of a map may take. */
const patienceMs = 60_000;

type RedirectParts = Pick<Parts, 'redirects'>;

/** Everything under /api/v1/redirects. */
export function addRedirectRoutes(app: App, parts: RedirectParts): void {
  addReading(app, parts);
  addUsage(app, parts);
  addImport(app, parts);
  addVerify(app, parts);
}

function addReading(app: App, { redirects }: RedirectParts): void {
  const { desk } = redirects;
  app.get(
    base,
    {
      schema: {
        summary: 'The redirect maps',
        tags,
        response: answers(RedirectMaps, 401, 403, 503),
      },
    },
    async (): Promise<RedirectMaps> => desk.list(),
  );
  app.get(
    `${base}/:name`,
    {
      schema: {
        summary: 'A redirect map: what was found in it, and what did not hold',
        tags,
        params,
        response: answers(RedirectMapAnswer, 401, 403, 404, 503),
      },
    },
    async ({ params: { name } }): Promise<RedirectMapAnswer> => desk.show(name),
  );
  app.get(
    `${base}/:name/text`,
    {
      schema: {
        summary: 'The rows of a redirect map, as they were imported',
        tags,
        params,
        response: answers(Type.Unknown({ description: 'text/csv' }), 401, 403, 404, 409, 503),
      },
    },
    async ({ params: { name } }, reply) => {
      const text = await desk.text(name);
      // Whatever it is, a browser must not take it for a page of ours.
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment');
      return reply.send(text);
    },
  );
}

function addUsage(app: App, { redirects }: RedirectParts): void {
  const { desk, usage } = redirects;
  app.get(
    `${base}/:name/usage`,
    {
      schema: {
        summary: 'What real access says of a map: rows that nobody asked for, and what it lacks',
        description:
          'By access events in history: HTTP server spans, and logs with the same attributes. That nobody asked for a row is said only of hosts whose access events have no gap.',
        tags,
        params,
        querystring: UsageQuery,
        response: answers(RedirectUsage, 400, 401, 403, 404, 409, 503),
      },
    },
    async ({ params: { name }, query }): Promise<RedirectUsage> =>
      usageOfMap(desk, usage, {
        name,
        days: query.days ?? defaultDays,
        signal: AbortSignal.timeout(patienceMs),
      }),
  );
}

function addImport(app: App, { redirects }: RedirectParts): void {
  const { desk } = redirects;
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      ['text/csv', 'application/csv'],
      { parseAs: 'buffer', bodyLimit: maxMapBytes },
      (_request, body, ended) => ended(null, body),
    );
    scope.put(
      `${base}/:name`,
      {
        schema: {
          summary: 'Import a redirect map: a CSV with Old Url,New Url,Status',
          description: `It takes the place of the one of this name; the same rows again change nothing. It is kept whatever is found in it. ${again}`,
          tags,
          params,
          response: answers(ImportAnswer, 400, 401, 403, 409, 413, 503),
        },
        config: act,
        bodyLimit: maxMapBytes,
      },
      async (request): Promise<ImportAnswer> => {
        const { name } = request.params as { readonly name: string };
        const bytes = request.body instanceof Uint8Array ? request.body : Buffer.alloc(0);
        return desk.import(name, bytes, givenBy(request));
      },
    );
  });
  app.delete(
    `${base}/:name`,
    {
      schema: {
        summary: 'Remove a redirect map',
        description: again,
        tags,
        params,
        response: done(401, 403, 404, 503),
      },
      config: act,
    },
    async (request, reply) => {
      await desk.remove(request.params.name, givenBy(request));
      return reply.code(204).send();
    },
  );
}

function addVerify(app: App, { redirects }: RedirectParts): void {
  app.post(
    `${base}/:name/verify`,
    {
      schema: {
        summary: 'Begin to ask for every row of a map',
        description:
          'At the base of an environment of checks.yaml by the host of each address, or with `own` where the address is. How far it is stands in `verifying`; its end is a fact. What is not public is gone to only where the environment allows it.',
        tags,
        params,
        body: VerifyBody,
        response: answers(RedirectMap, 400, 401, 403, 404, 409, 503),
      },
      config: act,
    },
    async (request): Promise<RedirectMap> =>
      redirects.desk.verify(request.params.name, request.body, givenBy(request)),
  );
}
