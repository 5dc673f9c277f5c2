import { Type } from 'typebox';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { tellHistory, tellWhere } from '../where/answer.ts';
import { answers } from './answers.ts';
import { Where, WhereApp, WhereQuery } from './contract-releases.ts';

const tags = ['releases'];

/** Everything under /api/v1/releases/where. */
export function addReleaseRoutes(app: App, { where, threads, now }: Parts): void {
  const graph = () => (threads.follower.ready ? threads.follower.graph : undefined);
  app.get(
    '/api/v1/releases/where',
    {
      schema: {
        summary: 'What runs where, and how far that can be trusted',
        description:
          'One entry for each application in each environment that a fact told of or an instance reports.',
        tags,
        querystring: WhereQuery,
        response: answers(Where, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Where> => {
      const { app: wanted, environment } = request.query;
      const lanes = await where.lanes();
      const told = tellWhere(
        lanes.filter(({ app: name }) => wanted === undefined || name === wanted),
        { now: now(), graph: graph() },
      );
      if (environment === undefined) return told;
      // After the fact: how far behind a lane is depends on the others.
      return {
        ...told,
        environments: told.environments.filter((name) => name === environment),
        lanes: told.lanes.filter((lane) => lane.environment === environment),
      };
    },
  );
  app.get(
    '/api/v1/releases/where/:app',
    {
      schema: {
        summary: 'One application: what runs where, and its deploys, newest first',
        tags,
        params: Type.Object({ app: Type.String({ maxLength: 300 }) }),
        response: answers(WhereApp, 401, 403, 404, 503),
      },
    },
    async (request): Promise<WhereApp> => {
      const { app: name } = request.params;
      const lanes = (await where.lanes()).filter((lane) => lane.app === name);
      if (lanes.length === 0)
        throw apiError('NOT_FOUND', `nothing was told of an application "${name}"`, {
          field: 'app',
        });
      const told = tellWhere(lanes, { now: now(), graph: graph() });
      return { ...told, app: name, history: tellHistory(lanes) };
    },
  );
}
