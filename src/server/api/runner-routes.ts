import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { accountsError } from '../errors.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { Deploy, End, Lease, LeaseRequest, Progress, ProgressAnswer } from './contract-deploys.ts';
import { idParams } from './giving.ts';

const tags = ['runners'];
const config = { needs: 'deploy' } as const;
/** Of one word of a runner, bytes: its text may be escaped to twice its size and more. */
const bodyLimit = 4 << 20;

/** What runners say and hear. They ask; the server never calls them. */
export function addRunnerRoutes(app: App, { deploys }: Parts): void {
  addLease(app, deploys.desk);
  addWords(app, deploys.desk);
}

type Desk = Parts['deploys']['desk'];

function addLease(app: App, desk: Desk): void {
  app.post(
    '/api/v1/runners/:name/lease',
    {
      schema: {
        summary: 'Wait for a deploy to carry out, 20 s at most',
        description:
          'The order has a fencing token, which every word about the deploy carries. An order whose answer did not arrive is given again.',
        tags,
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }),
        body: LeaseRequest,
        response: answers(Lease, 400, 401, 403, 503),
      },
      config,
    },
    async (request, reply): Promise<Lease> => {
      for (const environment of request.body.environments) mayServe(request, environment);
      const gone = new AbortController();
      let order: Lease['order'] = null;
      const { raw } = reply;
      raw.once('close', () => {
        gone.abort();
        // Gone before it was answered: it has not got what it was given.
        if (!raw.writableFinished && order) desk.leases.missed(order.id);
      });
      const lease = await desk.lease(request.params.name, request.body, gone.signal);
      ({ order } = lease);
      if (gone.signal.aborted && order) desk.leases.missed(order.id);
      return lease;
    },
  );
}

function addWords(app: App, desk: Desk): void {
  app.post(
    '/api/v1/deploys/:id/progress',
    {
      bodyLimit,
      schema: {
        summary: 'How far a deploy is, and more of its log; also to keep the lease',
        description:
          '409 TERR_DEPLOYS_FENCED when the lease is over: stop, and touch nothing more.',
        tags,
        params: idParams,
        body: Progress,
        response: answers(ProgressAnswer, 400, 401, 403, 404, 409, 503),
      },
      config,
    },
    async (request): Promise<ProgressAnswer> => {
      const { id } = request.params;
      mayServe(request, desk.keeper.state.deploys.get(id)?.environment);
      return desk.leases.progress(id, request.body, actorOf(request).name);
    },
  );
  app.post(
    '/api/v1/deploys/:id/end',
    {
      schema: {
        summary: 'How a deploy ended; the same said again changes nothing',
        tags,
        params: idParams,
        body: End,
        response: answers(Deploy, 400, 401, 403, 404, 409, 503),
      },
      config,
    },
    async (request): Promise<Deploy> => {
      const { id } = request.params;
      mayServe(request, desk.keeper.state.deploys.get(id)?.environment);
      return desk.end(id, request.body, actorOf(request).name);
    },
  );
}

/** Throws TERR_ACCOUNTS_FORBIDDEN for a token that is for other environments. */
function mayServe(request: FastifyRequest, environment: string | undefined): void {
  const { environments, name } = actorOf(request);
  if (!environments || environment === undefined || environments.includes(environment)) return;
  throw accountsError(
    'FORBIDDEN',
    `the token ${name} is of a runner for ${environments.join(', ')}, not for ${environment}`,
  );
}
