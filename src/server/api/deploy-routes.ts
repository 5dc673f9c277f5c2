import { Type } from 'typebox';
import type { FastifyReply } from 'fastify';
import { RefusedDeploy } from '../deploys/errors.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import { problemOf, problemType } from '../http/problem.ts';
import type { Parts } from '../parts.ts';
import { wordView } from '../deploys/views.ts';
import { answers, made } from './answers.ts';
import { Problem } from './contract.ts';
import {
  Deploy,
  Deploys,
  DeploysQuery,
  GateWord,
  LogPiece,
  NewDeploy,
  NewRollback,
  Objection,
  Plan,
  Words,
} from './contract-deploys.ts';
import { again, givenBy, idParams } from './giving.ts';

const tags = ['deploys'];
const act = { needs: 'act' } as const;
const release = { needs: 'release' } as const;
/** A question that carries a body. */
const question = { needs: 'act', changes: false } as const;

type DeployParts = Pick<Parts, 'deploys'>;

/** Deploys: asking for one, what it waits for, its way and its log. */
export function addDeployRoutes(app: App, parts: Parts): void {
  addList(app, parts);
  addAsking(app, parts);
  addWords(app, parts);
  addLog(app, parts);
}

function addList(app: App, { deploys }: DeployParts): void {
  app.get(
    '/api/v1/deploys',
    {
      schema: {
        summary: 'Deploys that Territory carries out or carried out, the newest first',
        tags,
        querystring: DeploysQuery,
        response: answers(Deploys, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Deploys> => deploys.desk.telling.list(request.query),
  );
  app.get(
    '/api/v1/deploys/:id',
    {
      schema: {
        summary: 'One deploy: what it waits for, or its way through the stages',
        tags,
        params: idParams,
        response: answers(Deploy, 401, 403, 404, 503),
      },
    },
    async (request): Promise<Deploy> => deploys.desk.telling.show(request.params.id),
  );
}

function addAsking(app: App, { deploys }: DeployParts): void {
  const { desk } = deploys;
  app.post(
    '/api/v1/deploys',
    {
      schema: {
        summary: 'Ask for a deploy; gates are asked now, and again while it waits',
        description: `A refusal is 409 TERR_DEPLOYS_REFUSED with the gates that refuse; it is recorded under the id that the answer names. ${again}`,
        tags,
        body: NewDeploy,
        response: { ...made(Deploy, 400, 401, 403, 404, 503), 409: refused },
      },
      config: act,
    },
    async (request, reply) => {
      const giving = { ...givenBy(request), rights: rights(request) };
      return answer(reply, () => desk.ask(request.body, giving));
    },
  );
  app.post(
    '/api/v1/deploys/plan',
    {
      schema: {
        summary: 'What a deploy would go through, what would change, and how far back one could go',
        description: 'Nothing is asked for and nothing is recorded.',
        tags,
        body: NewDeploy,
        response: answers(Plan, 400, 401, 403, 503),
      },
      config: question,
    },
    async (request): Promise<Plan> =>
      desk.plan(request.body, { ...givenBy(request), rights: rights(request) }),
  );
  app.post(
    '/api/v1/deploys/rollback',
    {
      schema: {
        summary: 'Go back: to the last version that was verified good there unless one is named',
        description: `It goes ahead of the queue and past the gates that are about change. ${again}`,
        tags,
        body: NewRollback,
        response: { ...made(Deploy, 400, 401, 403, 404, 503), 409: refused },
      },
      config: act,
    },
    async (request, reply) => {
      const giving = { ...givenBy(request), rights: rights(request) };
      return answer(reply, () => desk.rollback(request.body, giving));
    },
  );
}

/** A refusal tells beside its words what was refused, and by which gates. */
const refused = {
  description: 'A gate refuses it (`deploy` and `gates` say what), or it cannot be done now',
  content: {
    'application/problem+json': {
      schema: Type.Object({
        ...Problem.properties,
        deploy: Type.Optional(Type.String({ description: 'The id under which it is recorded' })),
        gates: Type.Optional(Type.Array(GateWord)),
      }),
    },
  },
};

async function answer(reply: FastifyReply, ask: () => Promise<Deploy>): Promise<FastifyReply> {
  try {
    return await reply.code(201).send(await ask());
  } catch (error) {
    if (!(error instanceof RefusedDeploy)) throw error;
    const { deploy, gates } = error;
    const body = { ...problemOf(error), deploy, gates: gates.map(wordView) };
    return reply.code(409).type(problemType).send(JSON.stringify(body));
  }
}

const rights = (request: Parameters<typeof actorOf>[0]) => actorOf(request).rights;

function addWords(app: App, { deploys }: DeployParts): void {
  const { desk } = deploys;
  const words = [
    ['cancel', 'Cancel a deploy that waits or runs; its old version is put back', act, Words],
    ['approve', 'Approve a deploy; not the one who asked for it', release, Words],
    ['acknowledge', 'Say that your commits may go out with it', act, Words],
    ['object', 'Say that your commits must not go out with it, and why', act, Objection],
  ] as const;
  for (const [kind, summary, config, body] of words)
    app.post(
      `/api/v1/deploys/:id/${kind}`,
      {
        schema: {
          summary,
          description: again,
          tags,
          params: idParams,
          body,
          response: answers(Deploy, 400, 401, 403, 404, 409, 503),
        },
        config,
      },
      async (request): Promise<Deploy> => {
        const giving = { ...givenBy(request), rights: rights(request) };
        return desk.say(kind, { id: request.params.id, text: request.body.text }, giving);
      },
    );
}

function addLog(app: App, { deploys }: DeployParts): void {
  app.get(
    '/api/v1/deploys/:id/log',
    {
      schema: {
        summary: 'The log of a deploy from an offset on, in whole lines',
        tags,
        params: idParams,
        querystring: offsetQuery,
        response: answers(LogPiece, 400, 401, 403, 404, 503),
      },
    },
    async (request): Promise<LogPiece> =>
      deploys.desk.telling.log(request.params.id, request.query.offset ?? 0),
  );
}

/** Where in a log to begin. */
export const offsetQuery = Type.Object(
  { offset: Type.Optional(Type.Integer({ minimum: 0, description: 'Bytes' })) },
  { additionalProperties: false },
);
