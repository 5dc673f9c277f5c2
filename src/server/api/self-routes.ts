import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers, json } from './answers.ts';
import { Health, Itself } from './contract.ts';

/** GET /api/v1/itself, /healthz and /metrics */
export function addSelfRoutes(app: App, parts: Parts): void {
  const tags = ['territory'];
  app.get(
    '/api/v1/itself',
    { schema: { summary: 'Territory about itself', tags, response: answers(Itself, 401, 403) } },
    () => parts.itself(),
  );
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether events are taken and kept',
        tags,
        response: {
          200: { description: 'They are', ...json(Health) },
          503: { description: 'They are not', ...json(Health) },
        },
      },
      config: { needs: 'nobody' },
    },
    async (_request, reply) => {
      const health = parts.health();
      return reply
        .code(health.ok ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(health);
    },
  );
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Counters in the text format of Prometheus',
        tags,
        response: {
          200: { description: 'The metrics', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
      config: { needs: parts.config.metrics.public ? 'nobody' : 'read' },
    },
    async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics()),
  );
}
