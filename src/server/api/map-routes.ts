import { Type } from 'typebox';
import { pictureOf } from '../map/layout/picture.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import { securityHeaders } from '../http/headers.ts';
import type { Parts } from '../parts.ts';
import { answers, problem } from './answers.ts';
import { MapAnswer, MapQuery } from './contract-map.ts';
import {
  NodeDetail,
  NodeParams,
  NodeQuery,
  SimulateAnswer,
  SimulateQuery,
  TimelineAnswer,
  TimelineQuery,
} from './contract-map-detail.ts';
import { DrawingAnswer, DrawingQuery, PictureQuery } from './contract-map-drawing.ts';
import {
  MapCheck,
  MapCheckAnswer,
  MapDraftAnswer,
  MapSource,
  NewMapSource,
} from './contract-map-source.ts';
import { mayStillRead } from './tail-route.ts';
import { readTime } from './times.ts';

const tags = ['map'];
const dayMs = 86_400_000;

/** Everything below /api/v1/map but the times of streams. */
export function addMapRoutes(app: App, parts: Parts): void {
  addShown(app, parts);
  addDrawn(app, parts);
  addAsked(app, parts);
  addSource(app, parts);
  addLive(app, parts);
}

function addShown(app: App, { map }: Parts): void {
  app.get(
    '/api/v1/map',
    {
      schema: {
        summary: 'The map: what there is, how it is and because of what; with `at` as it was',
        tags,
        querystring: MapQuery,
        response: answers(MapAnswer, 400, 401, 403, 503),
      },
    },
    async (request): Promise<MapAnswer> => {
      const at = timeOf(request.query.at, 'at');
      return at === undefined ? map.desk.now() : map.desk.at(at);
    },
  );
  app.get(
    '/api/v1/map/nodes/:id',
    {
      schema: {
        summary: 'One node (or `process:<id>`): evidence, deployments, alerts, cases, changes',
        tags,
        params: NodeParams,
        querystring: NodeQuery,
        response: answers(NodeDetail, 401, 403, 404, 503),
      },
    },
    async (request): Promise<NodeDetail> =>
      map.desk.node(request.params.id, timeOf(request.query.at, 'at')),
  );
}

function addDrawn(app: App, { map }: Parts): void {
  app.get(
    '/api/v1/map/drawing',
    {
      schema: {
        summary: 'Where everything stands; it does not depend on health',
        tags,
        querystring: DrawingQuery,
        response: answers(DrawingAnswer, 400, 401, 403, 503),
      },
    },
    async (request) => {
      const { expand, at } = request.query;
      return map.desk.drawing(expandOf(expand), timeOf(at, 'at'));
    },
  );
  for (const type of ['svg', 'png'] as const)
    app.get(
      `/api/v1/map/picture.${type}`,
      {
        schema: {
          summary: `The map as a picture (${type.toUpperCase()})`,
          tags,
          querystring: PictureQuery,
          response: {
            200: {
              description: 'The picture',
              content: { [mediaTypes[type]]: { schema: Type.String() } },
            },
            400: problem(400),
            401: problem(401),
            503: problem(503),
          },
        },
      },
      async (request, reply) => {
        const { expand, at, theme = 'light', width } = request.query;
        const time = timeOf(at, 'at');
        const drawing = await map.desk.drawing(expandOf(expand), time);
        const shown = await map.desk.picture(time);
        const picture = await pictureOf({ ...shown, drawing, theme, type, width });
        return reply.type(mediaTypes[type]).send(picture);
      },
    );
}

const mediaTypes = { svg: 'image/svg+xml', png: 'image/png' } as const;

function addAsked(app: App, { map, now }: Parts): void {
  app.get(
    '/api/v1/map/simulate',
    {
      schema: {
        summary: 'What would change if these nodes were down',
        tags,
        querystring: SimulateQuery,
        response: answers(SimulateAnswer, 400, 401, 403, 404, 503),
      },
    },
    async (request): Promise<SimulateAnswer> => map.desk.simulate(listOf(request.query.down)),
  );
  app.get(
    '/api/v1/map/timeline',
    {
      schema: {
        summary: 'Changes of health, versions of the map and gaps of the recording in a window',
        description: 'The last 24 hours unless `from` and `to` say otherwise.',
        tags,
        querystring: TimelineQuery,
        response: answers(TimelineAnswer, 400, 401, 403, 503),
      },
    },
    async (request): Promise<TimelineAnswer> => {
      const { from, to, id, limit } = request.query;
      const end = timeOf(to, 'to') ?? now();
      return map.desk.timeline({ from: timeOf(from, 'from') ?? end - dayMs, to: end, id, limit });
    },
  );
  app.get(
    '/api/v1/map/draft',
    {
      schema: {
        summary: 'A map made of what was seen, to begin with',
        tags,
        response: answers(MapDraftAnswer, 401, 403, 503),
      },
    },
    async (): Promise<MapDraftAnswer> => map.desk.draft(),
  );
}

function addSource(app: App, { map }: Parts): void {
  app.get(
    '/api/v1/map/source',
    {
      schema: {
        summary: 'The text of the map as it stands in its file',
        tags,
        response: answers(MapSource, 401, 403, 503),
      },
    },
    async (): Promise<MapSource> => map.desk.source(),
  );
  app.put(
    '/api/v1/map/source',
    {
      schema: {
        summary: 'Save another text; it is used at once',
        tags,
        body: NewMapSource,
        response: answers(MapSource, 400, 401, 403, 409, 503),
      },
      config: { needs: 'act' },
    },
    async (request): Promise<MapSource> => {
      const { text, was } = request.body;
      return map.desk.save(text, was, actorOf(request).name);
    },
  );
  app.post(
    '/api/v1/map/check',
    {
      schema: {
        summary: 'What is wrong with a text, as if it stood in the file',
        tags,
        body: MapCheck,
        response: answers(MapCheckAnswer, 400, 401, 403, 503),
      },
      config: { needs: 'act', changes: false },
    },
    async (request): Promise<MapCheckAnswer> => map.desk.check(request.body.text),
  );
}

const liveDescription = `Server-sent events. \`event: map\` comes first and after a gap: fetch the map when its
\`revision\` is another than yours. \`event: health\` has changes of health, \`event: model\` says that
another map was declared. The \`id:\` of a message is a revision; who comes back with it in
\`Last-Event-ID\` is sent what came since.`;

function addLive(app: App, { map, accounts }: Parts): void {
  app.get(
    '/api/v1/map/live',
    {
      schema: {
        summary: 'Follow the map as it changes',
        description: liveDescription,
        tags,
        response: {
          200: {
            description: 'The changes',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          401: problem(401),
          503: problem(503),
        },
      },
    },
    async (request, reply) => {
      const { viewers } = map.desk.runtime.live;
      viewers.admit();
      const last = request.headers['last-event-id'];
      const after = typeof last === 'string' && /^\d{1,16}$/.test(last) ? Number(last) : undefined;
      const stillAllowed = () => mayStillRead(() => accounts.authenticate(request.headers));
      reply.hijack();
      viewers.serve(reply.raw, { headers: securityHeaders, after, stillAllowed });
    },
  );
}

const timeOf = (text: string | undefined, field: string): number | undefined =>
  text === undefined ? undefined : readTime(text, field);

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const expandOf = (text: string | undefined): readonly string[] | '*' =>
  text === '*' ? '*' : listOf(text ?? '');
