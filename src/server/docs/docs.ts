import swagger from '@fastify/swagger';
import type { App } from '../http/app.ts';
import { type ApiDocument, apiPage } from './api-page.ts';
import { errorsPage } from './errors-page.ts';
import { intakeOperation } from './intake-operation.ts';

const html = 'text/html; charset=utf-8';

/** /openapi.json and the readable pages. They hold nothing of an installation, so they are open. */
export async function addDocs(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Territory',
        version,
        description: 'Times are ms since the epoch, UTC. Errors are problem documents (RFC 9457).',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'territory_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
  });
  const hidden = { schema: { hide: true } };
  const document = (): ApiDocument => {
    const made = app.swagger() as unknown as ApiDocument;
    return { ...made, paths: { '/api/v1/events': intakeOperation, ...made.paths } as never };
  };
  app.get('/openapi.json', hidden, async () => document());
  app.get('/docs/api', hidden, async (_request, reply) =>
    reply.type(html).send(apiPage(document())),
  );
  app.get('/docs/errors', hidden, async (_request, reply) => reply.type(html).send(errorsPage()));
}
