import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { preview } from '../webhooks/preview.ts';
import { answers, done, made } from './answers.ts';
import {
  AddedWebhook,
  NewWebhook,
  PreviewAnswer,
  RecentBodies,
  WebhookPreview,
  Webhooks,
} from './contract-webhooks.ts';

const tags = ['webhooks'];
const params = Type.Object({ name: Type.String() });

/** GET and POST /api/v1/webhooks, its preview and recent bodies, DELETE /api/v1/webhooks/:name */
export function addWebhookRoutes(app: App, parts: Parts): void {
  addChanges(app, parts);
  addTrials(app, parts);
}

function addChanges(app: App, { webhooks }: Parts): void {
  const config = { needs: 'administer' } as const;
  app.get(
    '/api/v1/webhooks',
    {
      schema: {
        summary: 'The addresses that take webhooks, without their secrets',
        tags,
        response: answers(Webhooks, 401, 403),
      },
    },
    async (): Promise<Webhooks> => ({ webhooks: webhooks.list() }),
  );
  app.post(
    '/api/v1/webhooks',
    {
      schema: {
        summary: 'Take the webhooks of a product; a secret made here is shown in this answer only',
        tags,
        body: NewWebhook,
        response: made(AddedWebhook, 400, 401, 403, 409),
      },
      config,
    },
    async (request, reply) => {
      const { name } = actorOf(request);
      return reply.code(201).send(await webhooks.add(request.body, name));
    },
  );
  app.delete(
    '/api/v1/webhooks/:name',
    {
      schema: {
        summary: 'Take no more of them, at once',
        tags,
        params,
        response: done(401, 403, 404),
      },
      config,
    },
    async (request, reply) => {
      await webhooks.remove(request.params.name, actorOf(request).name);
      return reply.code(204).send();
    },
  );
}

function addTrials(app: App, { webhooks, now }: Parts): void {
  app.post(
    '/api/v1/webhooks/preview',
    {
      schema: {
        summary: 'What a body would become; nothing is taken',
        tags,
        body: WebhookPreview,
        response: answers(PreviewAnswer, 400, 401, 403),
      },
      config: { needs: 'act', changes: false },
    },
    async (request): Promise<PreviewAnswer> => preview(request.body, now()),
  );
  app.get(
    '/api/v1/webhooks/:name/recent',
    {
      schema: {
        summary: 'The last bodies that came, to try mappings on',
        description: 'Kept in memory only; what looks like a secret is taken out of them.',
        tags,
        params,
        response: answers(RecentBodies, 401, 403, 404),
      },
      config: { needs: 'act' },
    },
    async (request): Promise<RecentBodies> => webhooks.recent(request.params.name),
  );
}
