import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import {
  FeatureAnswer,
  FeatureQuery,
  Features,
  SaveFeatureAnswer,
  SaveFeatureBody,
} from './contract-checks.ts';
import { keeping } from './check-routes.ts';
import { again } from './giving.ts';

const tags = ['checks'];
const act = { needs: 'act' } as const;

/** Features: those of the folder, and those that are edited here. */
export function addCheckFeatureRoutes(app: App, { checks }: Pick<Parts, 'checks'>): void {
  const { desk } = checks;
  app.get(
    '/api/v1/checks/features',
    {
      schema: {
        summary: 'The features: of the folder, and edited here',
        tags,
        response: answers(Features, 401, 403, 503),
      },
    },
    (): Features => desk.features.list(),
  );
  app.get(
    '/api/v1/checks/feature',
    {
      schema: {
        summary: 'A feature with its text and what is wrong with it',
        tags,
        querystring: FeatureQuery,
        response: answers(FeatureAnswer, 400, 401, 403, 404, 503),
      },
    },
    (request): FeatureAnswer => desk.features.show(request.query.file),
  );
  app.put(
    '/api/v1/checks/feature',
    {
      schema: {
        summary: 'Save a feature; an empty text takes it away',
        description: `What gates releases is changed with the right \`release\` only. While a text is wrong, what ran of the feature goes on. ${again}`,
        tags,
        body: SaveFeatureBody,
        response: answers(SaveFeatureAnswer, 400, 401, 403, 404, 409, 503),
      },
      config: act,
    },
    async (request) => desk.features.save(request.body, keeping(request)),
  );
}
