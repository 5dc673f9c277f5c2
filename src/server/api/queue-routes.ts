import { Type } from 'typebox';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/guard.ts';
import type { Parts } from '../parts.ts';
import { answers, done, made } from './answers.ts';
import {
  Environment,
  Environments,
  NewEnvironment,
  NewReservation,
  Queue,
  Reservation,
  Reservations,
} from './contract-deploys.ts';
import { GatesListQuery } from './contract-gates.ts';
import { again, givenBy, idParams } from './giving.ts';

const tags = ['deploys'];
const act = { needs: 'act' } as const;
const release = { needs: 'release' } as const;
const nameParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) });

/** The queue, times that are reserved, and what environments ask of deploys. */
export function addQueueRoutes(app: App, { deploys }: Parts): void {
  const { desk } = deploys;
  app.get(
    '/api/v1/deploys/queue',
    {
      schema: {
        summary: 'By environment what runs, what comes next and why it waits',
        tags,
        response: answers(Queue, 401, 403, 503),
      },
    },
    async (): Promise<Queue> => desk.telling.queue(),
  );
  addReservations(app, desk);
  addEnvironments(app, desk);
}

type Desk = Parts['deploys']['desk'];

function addReservations(app: App, desk: Desk): void {
  app.get(
    '/api/v1/deploys/reservations',
    {
      schema: {
        summary: 'Times that are kept for somebody',
        tags,
        querystring: GatesListQuery,
        response: answers(Reservations, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Reservations> => desk.reservations(request.query.all ?? false),
  );
  app.post(
    '/api/v1/deploys/reservations',
    {
      schema: {
        summary: 'Keep a time for your deploy: those of others wait',
        description: again,
        tags,
        body: NewReservation,
        response: made(Reservation, 400, 401, 403, 409, 503),
      },
      config: act,
    },
    async (request, reply) =>
      reply.code(201).send(await desk.reserve(request.body, givenBy(request))),
  );
  app.delete(
    '/api/v1/deploys/reservations/:id',
    {
      schema: {
        summary: 'Give a reserved time back; that of another with the right `release`',
        description: again,
        tags,
        params: idParams,
        response: answers(Reservation, 401, 403, 404, 503),
      },
      config: act,
    },
    async (request): Promise<Reservation> => {
      const { rights } = actorOf(request);
      return desk.endReservation(request.params.id, { ...givenBy(request), rights });
    },
  );
}

function addEnvironments(app: App, desk: Desk): void {
  app.get(
    '/api/v1/deploys/environments',
    {
      schema: {
        summary: 'Environments, and what a deploy into each has to go through',
        tags,
        response: answers(Environments, 401, 403, 503),
      },
    },
    async (): Promise<Environments> => desk.environments(),
  );
  app.delete(
    '/api/v1/deploys/environments/:name',
    {
      schema: {
        summary: 'Ask nothing more of deploys into an environment',
        description: again,
        tags,
        params: nameParams,
        response: done(401, 403, 404, 503),
      },
      config: release,
    },
    async (request, reply) => {
      await desk.removeEnvironment(request.params.name, givenBy(request));
      return reply.code(204).send();
    },
  );
  app.patch(
    '/api/v1/deploys/environments/:name',
    {
      schema: {
        summary: 'Say what a deploy into an environment has to go through',
        description: `What is left out stays as it was. ${again}`,
        tags,
        params: nameParams,
        body: NewEnvironment,
        response: answers(Environment, 400, 401, 403, 409, 503),
      },
      config: release,
    },
    async (request): Promise<Environment> =>
      desk.setEnvironment(request.params.name, request.body, givenBy(request)),
  );
}
