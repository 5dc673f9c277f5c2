import { Type } from 'typebox';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import { securityHeaders } from '../http/headers.ts';
import type { Parts } from '../parts.ts';
import { problem } from './answers.ts';
import { offsetQuery } from './deploy-routes.ts';
import { idParams } from './giving.ts';
import { mayStillRead } from './tail-route.ts';

const description = `Server-sent events. \`deploy\`: the deploy as it is, at first and whenever that
changes. \`log\`: the next lines of its log; its \`id:\` is the offset of what comes behind, and a client
that comes back with it in \`Last-Event-ID\` goes on there. The stream stays open when the deploy has
ended: the last \`log\` then says \`ended\`.`;

/** GET /api/v1/deploys/:id/follow */
export function addDeployFollowRoute(app: App, { deploys, accounts }: Parts): void {
  app.get(
    '/api/v1/deploys/:id/follow',
    {
      schema: {
        summary: 'Follow a deploy and its log as it happens',
        description,
        tags: ['deploys'],
        params: idParams,
        querystring: offsetQuery,
        response: {
          200: {
            description: 'The stream',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          400: problem(400),
          401: problem(401),
          403: problem(403),
          404: problem(404),
          503: problem(503),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await deploys.desk.telling.show(id);
      const last = request.headers['last-event-id'];
      const offset = last === undefined ? (request.query.offset ?? 0) : offsetIn(String(last));
      const { viewers } = deploys.desk;
      viewers.admit();
      reply.hijack();
      viewers.serve(reply.raw, {
        id,
        offset,
        headers: securityHeaders,
        stillAllowed: () => mayStillRead(() => accounts.authenticate(request.headers)),
      });
    },
  );
}

function offsetIn(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw apiError('POSITION', `${JSON.stringify(text.slice(0, 40))} is no offset of a log`, {
    field: 'Last-Event-ID',
  });
}
