import type { RequestListener, Server } from 'node:http';
import cookie from '@fastify/cookie';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
} from 'fastify';
import { findJsonError } from '../../event/scan/json-error.ts';
import { addRoutes } from '../api/routes.ts';
import { addDocs } from '../docs/docs.ts';
import { apiError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { addConsole, wantsPage } from './console.ts';
import { guard } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { type ListenerOptions, makeServer } from './listener.ts';
import { codedOf, problemOf, problemType } from './problem.ts';

export type App = FastifyInstance<
  Server,
  RawRequestDefaultExpression<Server>,
  RawReplyDefaultExpression<Server>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface AppOptions extends ListenerOptions {
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  /** Folder of the built console. */
  readonly webRoot: string;
}

/** Bodies of the API (not of the intake) are small. */
const bodyLimit = 1_048_576;

/** All of HTTP but the intake, ready to listen. */
export async function makeApp(parts: Parts, options: AppOptions): Promise<App> {
  const app: App = fastify({
    loggerInstance: options.logger,
    bodyLimit,
    logController: new fastify.LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    requestTimeout: parts.config.requestTimeout,
    serverFactory: (routes) => {
      const server = makeServer(parts.config, options, routes as RequestListener);
      return server;
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // Answers are typed where they are made; a serialiser made from the schema would drop what a
  // union leaves open.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerError);
  takeJson(app);
  const methods = rememberMethods(app);
  app.decorateRequest('actor', undefined);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders);
  });
  await app.register(cookie);
  await addDocs(app, options.version);
  await app.register(async (scope) => {
    scope.addHook('onRequest', guard(parts.accounts));
    addRoutes(scope as App, parts);
  });
  const hasConsole = await addConsole(app, options.webRoot);
  app.setNotFoundHandler((request, reply) => {
    if (hasConsole && wantsPage(request)) return reply.sendFile('index.html');
    return refuseRoute(request, reply, methods);
  });
  return app;
}

/**
 * A DELETE of a client that always names a type has an empty body; the schemas ask for the others.
 * What is no JSON is refused with its line and column.
 */
function takeJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const type = 'application/json';
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser<string>(type, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else
      void parse(request, body, (error, value) => {
        const wrong = error === null ? undefined : findJsonError(body);
        if (wrong === undefined) return done(error, value);
        const { line, column, expected } = wrong;
        const message = `the body is not JSON: at line ${line}, column ${column} ${expected} was expected`;
        return done(apiError('INVALID', message, { line, column }));
      });
  });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coded = codedOf(error, request.id);
  if (coded.status >= 500)
    request.log.error(
      { err: coded.details.cause ?? coded, route: request.routeOptions.url },
      coded.code,
    );
  const { retryAfter } = coded.details;
  if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
  return reply
    .code(coded.status)
    .type(problemType)
    .send(JSON.stringify(problemOf(coded)));
}

interface KnownRoute {
  readonly path: RegExp;
  readonly methods: Set<string>;
}

function rememberMethods(app: App): Map<string, KnownRoute> {
  const known = new Map<string, KnownRoute>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const path = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}/?$`);
    const route = known.get(url) ?? { path, methods: new Set() };
    for (const one of [method].flat()) route.methods.add(one);
    known.set(url, route);
  });
  return known;
}

function refuseRoute(
  request: FastifyRequest,
  reply: FastifyReply,
  known: ReadonlyMap<string, KnownRoute>,
): never {
  const path = request.url.split('?')[0] ?? '';
  const route = [...known.values()].find((one) => one.path.test(path));
  if (route === undefined)
    throw apiError(
      'NOT_FOUND',
      `there is no ${request.method} ${path.slice(0, 200)}; see /docs/api`,
    );
  const allowed = [...route.methods].toSorted().join(', ');
  reply.header('allow', allowed);
  throw apiError('METHOD', `${path} takes ${allowed}, not ${request.method}`);
}
