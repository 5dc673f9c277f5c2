import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers, done } from './answers.ts';
import { RulesAnswer } from './contract-rules.ts';

/** GET /api/v1/rules, /api/v1/rules/source and POST /api/v1/rules/:name/start */
export function addRuleRoutes(app: App, { rules }: Parts): void {
  const tags = ['rules'];
  app.get(
    '/api/v1/rules',
    {
      schema: {
        summary: 'The rule files and the rules, and how they are doing',
        tags,
        response: answers(RulesAnswer, 401, 403),
      },
    },
    async (): Promise<RulesAnswer> => rules.list(),
  );
  app.get(
    '/api/v1/rules/source',
    {
      schema: {
        summary: 'The text of a rule file as it stands in the directory',
        tags,
        querystring: Type.Object({ file: Type.String({ minLength: 1 }) }),
        response: {
          ...answers(Type.String(), 401, 403, 404),
          200: { description: 'The text', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) =>
      reply.type('text/plain; charset=utf-8').send(rules.source(request.query.file)),
  );
  app.post(
    '/api/v1/rules/:name/start',
    {
      schema: {
        summary: 'Let a rule go on that was stopped',
        tags,
        params: Type.Object({ name: Type.String() }),
        response: done(401, 403, 404, 503),
      },
      config: { needs: 'act' },
    },
    async (request, reply) => {
      rules.startRule(request.params.name);
      return reply.code(204).send();
    },
  );
}
