import { Type } from 'typebox';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers, done } from './answers.ts';
import { IntakesAnswer, SendersAnswer } from './contract-intakes.ts';

/** GET /api/v1/intakes, GET and DELETE /api/v1/senders */
export function addIntakeRoutes(app: App, { intakes }: Parts): void {
  const tags = ['intakes'];
  app.get(
    '/api/v1/intakes',
    {
      schema: {
        summary: 'Every way in, where it listens, and what it has taken',
        tags,
        response: answers(IntakesAnswer, 401, 403),
      },
    },
    async (): Promise<IntakesAnswer> => intakes.list(),
  );
  app.get(
    '/api/v1/senders',
    {
      schema: {
        summary: 'Who has sent something, the last heard first',
        tags,
        querystring: Type.Object(
          { intake: Type.Optional(Type.String({ minLength: 1 })) },
          { additionalProperties: false },
        ),
        response: answers(SendersAnswer, 401, 403),
      },
    },
    async (request): Promise<SendersAnswer> => intakes.senders(request.query.intake),
  );
  app.delete(
    '/api/v1/senders',
    {
      schema: {
        summary: 'Forget a sender that will not come back',
        tags,
        querystring: Type.Object(
          { intake: Type.String({ minLength: 1 }), sender: Type.String({ minLength: 1 }) },
          { additionalProperties: false },
        ),
        response: done(401, 403, 404),
      },
      config: { needs: 'act' },
    },
    async (request, reply) => {
      const { intake, sender } = request.query;
      if (!intakes.forget(intake, sender))
        throw apiError('NOT_FOUND', `${sender} has sent nothing by ${intake} that is remembered`);
      return reply.code(204).send();
    },
  );
}
