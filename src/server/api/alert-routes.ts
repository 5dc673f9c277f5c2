import { Type } from 'typebox';
import { alertOf } from '../../rooms/alerts/state.ts';
import { roomError } from '../../rooms/errors.ts';
import { shortName } from '../../rooms/alerts/names.ts';
import type { App } from '../http/app.ts';
import type { AlertsDesk, Parts } from '../parts.ts';
import {
  alertViewer,
  listAlerts,
  listNotifications,
  listSilences,
  silenceView,
} from './alert-views.ts';
import { answers, made } from './answers.ts';
import {
  Alert,
  AlertNote,
  Alerts,
  AlertsQuery,
  NewSilence,
  Notifications,
  NotificationsQuery,
  Silence,
  Silences,
} from './contract-alerts.ts';
import { again, givenBy } from './giving.ts';
import { readTime } from './times.ts';

const tags = ['alerts'];
const params = Type.Object({ id: Type.String() });
const act = { needs: 'act' } as const;

/** Everything under /api/v1/alerts, /api/v1/silences and /api/v1/notifications. */
export function addAlertRoutes(app: App, { alerts, now }: Parts): void {
  addAlerts(app, alerts, now);
  for (const command of ['acknowledge', 'unacknowledge', 'resolve'] as const)
    addAlertCommand(app, { alerts, now }, command);
  addSilences(app, alerts, now);
  addNotifications(app, alerts);
}

type Clock = () => number;

function addAlerts(app: App, alerts: AlertsDesk, now: Clock): void {
  app.get(
    '/api/v1/alerts',
    {
      schema: {
        summary: 'Alerts that are open or were',
        tags,
        querystring: AlertsQuery,
        response: answers(Alerts, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Alerts> => listAlerts(alerts, request.query, now()),
  );
  app.get(
    '/api/v1/alerts/:id',
    {
      schema: { summary: 'One alert', tags, params, response: answers(Alert, 401, 403, 404, 503) },
    },
    async (request): Promise<Alert> => show(alerts, request.params.id, now()),
  );
}

function addAlertCommand(
  app: App,
  { alerts, now }: { readonly alerts: AlertsDesk; readonly now: Clock },
  kind: 'acknowledge' | 'unacknowledge' | 'resolve',
): void {
  app.post(
    `/api/v1/alerts/:id/${kind}`,
    {
      schema: {
        summary: summaries[kind],
        description: again,
        tags,
        params,
        body: AlertNote,
        response: answers(Alert, 400, 401, 403, 404, 409, 503),
      },
      config: act,
    },
    async (request): Promise<Alert> => {
      const { id: alert } = request.params;
      const { note } = request.body;
      await alerts.keeper.handle({ kind, alert, note }, givenBy(request));
      return show(alerts, alert, now());
    },
  );
}

const summaries = {
  acknowledge: 'Take an alert on: it is not told again while it stays as bad',
  unacknowledge: 'Take that back',
  resolve: 'Say that it is over, for an alert whose rule is gone',
} as const;

function addSilences(app: App, alerts: AlertsDesk, now: Clock): void {
  app.get(
    '/api/v1/silences',
    { schema: { summary: 'Silences', tags, response: answers(Silences, 401, 403, 503) } },
    async (): Promise<Silences> => listSilences(alerts, now()),
  );
  app.post(
    '/api/v1/silences',
    {
      schema: {
        summary: 'Tell nobody of the alerts that match, until an end and for a reason',
        description: again,
        tags,
        body: NewSilence,
        response: made(Silence, 400, 401, 403, 409, 503),
      },
      config: act,
    },
    async (request, reply) => {
      const { where, reason, starts, ends } = request.body;
      const silence = {
        where,
        reason,
        ends: readTime(ends, 'ends'),
        starts: starts === undefined ? undefined : readTime(starts, 'starts'),
      };
      const giving = givenBy(request);
      await alerts.keeper.handle({ kind: 'silence', silence }, giving);
      return reply.code(201).send(showSilence(alerts, shortName(giving.id), now()));
    },
  );
  app.post(
    '/api/v1/silences/:id/end',
    {
      schema: {
        summary: 'End a silence now',
        description: again,
        tags,
        params,
        response: answers(Silence, 401, 403, 404, 409, 503),
      },
      config: act,
    },
    async (request): Promise<Silence> => {
      const { id: silence } = request.params;
      await alerts.keeper.handle({ kind: 'end-silence', silence }, givenBy(request));
      return showSilence(alerts, silence, now());
    },
  );
}

function addNotifications(app: App, alerts: AlertsDesk): void {
  app.get(
    '/api/v1/notifications',
    {
      schema: {
        summary: 'What was told to whom, what was not and why, and what waits',
        description:
          'To follow them live, follow the facts: GET /api/v1/tail?stream=facts&where=type =~ "dev.cdeventsx.territory-notification.queued.%" and label.to = "browser"',
        tags,
        querystring: NotificationsQuery,
        response: answers(Notifications, 400, 401, 403, 503),
      },
    },
    async (request): Promise<Notifications> => listNotifications(alerts, request.query),
  );
}

function show(alerts: AlertsDesk, id: string, now: number): Alert {
  const alert = alertOf(alerts.keeper.state, id);
  if (alert) return alertViewer(alerts, now)(alert);
  throw roomError('UNKNOWN', `there is no alert ${id.slice(0, 64)}, or it was resolved long ago`);
}

function showSilence(alerts: AlertsDesk, id: string, now: number): Silence {
  const { state } = alerts.keeper;
  const silence = state.silences.get(id);
  if (silence) return silenceView(silence, state, now);
  throw roomError('UNKNOWN', `there is no silence ${id.slice(0, 64)}`);
}
