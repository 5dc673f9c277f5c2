import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Keeping } from '../checks/desk.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import {
  Budgets,
  Check,
  CheckAnswer,
  CheckVerdict,
  CheckVerdictQuery,
  Checks,
  ChecksQuery,
  Flakes,
  LintAnswer,
  LintBody,
  QuarantineBody,
  RunDetail,
  StepsAnswer,
} from './contract-checks.ts';
import { again, givenBy } from './giving.ts';

const tags = ['checks'];
/** A question that carries a body. */
const question = { needs: 'read', changes: false } as const;

export const checkParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 300 }) });
const runParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 300 }),
  slot: Type.Integer({ minimum: 0 }),
});

type CheckParts = Pick<Parts, 'checks'>;

const act = { needs: 'act' } as const;

/** What is known of checks: how they stand, their runs, the steps that there are. */
export function addCheckRoutes(app: App, parts: CheckParts): void {
  addLists(app, parts);
  addOne(app, parts);
  addWriting(app, parts);
  addQuarantine(app, parts);
}

function addLists(app: App, { checks }: CheckParts): void {
  const { desk } = checks;
  app.get(
    '/api/v1/checks',
    {
      schema: {
        summary: 'The checks, how each stands, and its last runs',
        tags,
        querystring: ChecksQuery,
        response: answers(Checks, 400, 401, 403, 503),
      },
    },
    (request): Checks => desk.list(request.query),
  );
  app.get(
    '/api/v1/checks/flakes',
    {
      schema: {
        summary: 'How often each check changes its mind',
        tags,
        response: answers(Flakes, 401, 403, 503),
      },
    },
    (): Flakes => desk.flakes(),
  );
  app.get(
    '/api/v1/checks/budgets',
    {
      schema: {
        summary: 'The limits that scenarios set, with what was measured and the deploys',
        tags,
        response: answers(Budgets, 401, 403, 503),
      },
    },
    async (): Promise<Budgets> => desk.budgets(),
  );
  app.get(
    '/api/v1/checks/verdict',
    {
      schema: {
        summary: 'What the checks say of a release in an environment',
        description:
          'Only runs count that began after it was deployed there. Of one that does not run there now, the last word that was kept.',
        tags,
        querystring: CheckVerdictQuery,
        response: answers(CheckVerdict, 400, 401, 403, 503),
      },
    },
    async (request) => desk.verdict(request.query),
  );
}

function addOne(app: App, { checks }: CheckParts): void {
  const { desk } = checks;
  app.get(
    '/api/v1/checks/:id',
    {
      schema: {
        summary: 'One check with its runs and changes',
        tags,
        params: checkParams,
        response: answers(CheckAnswer, 401, 403, 404, 503),
      },
    },
    (request): CheckAnswer => desk.show(request.params.id),
  );
  app.get(
    '/api/v1/checks/:id/runs/:slot',
    {
      schema: {
        summary: 'One run: its steps with their times, and what was answered where it failed',
        tags,
        params: runParams,
        response: answers(RunDetail, 401, 403, 404, 503),
      },
    },
    async ({ params }): Promise<RunDetail> => desk.run(params.id, params.slot),
  );
  app.get(
    '/api/v1/checks/:id/runs/:slot/screenshot',
    {
      schema: {
        summary: 'What the page of a browser looked like when the run failed',
        tags,
        params: runParams,
        response: {
          ...answers(Type.Any(), 401, 403, 404, 503),
          200: { description: 'A PNG', content: { 'image/png': { schema: Type.Any() } } },
        },
      },
    },
    async ({ params }, reply) =>
      reply.type('image/png').send(await desk.screenshot(params.id, params.slot)),
  );
}

function addWriting(app: App, { checks }: CheckParts): void {
  const { desk } = checks;
  app.get(
    '/api/v1/checks/steps',
    {
      schema: {
        summary: 'The steps and tags that may stand in features',
        tags,
        response: answers(StepsAnswer, 401, 403, 503),
      },
    },
    async (): Promise<StepsAnswer> => desk.steps(),
  );
  app.post(
    '/api/v1/checks/lint',
    {
      schema: {
        summary: 'What is wrong with a feature, and where',
        tags,
        body: LintBody,
        response: answers(LintAnswer, 400, 401, 403, 503),
      },
      config: question,
    },
    async (request): Promise<LintAnswer> => desk.lint(request.body),
  );
}

function addQuarantine(app: App, { checks }: CheckParts): void {
  const { desk } = checks;
  const path = '/api/v1/checks/:id/quarantine';
  const response = answers(Check, 400, 401, 403, 404, 503);
  const said = `It runs and records as before, makes no alert and holds no release. What gates releases needs the right \`release\`. ${again}`;
  app.post(
    path,
    {
      schema: {
        summary: 'Put a check in quarantine, until a time within 30 days',
        description: said,
        tags,
        params: checkParams,
        body: QuarantineBody,
        response,
      },
      config: act,
    },
    async (request): Promise<Check> =>
      desk.quarantine(request.params.id, request.body, keeping(request)),
  );
  app.delete(
    path,
    {
      schema: {
        summary: 'End the quarantine of a check',
        description: again,
        tags,
        params: checkParams,
        response,
      },
      config: act,
    },
    async (request): Promise<Check> => desk.unquarantine(request.params.id, keeping(request)),
  );
}

/** Who gives a command, and whether they may let releases out. */
export const keeping = (request: FastifyRequest): Keeping => ({
  ...givenBy(request),
  gatekeeper: actorOf(request).rights.has('release'),
});
