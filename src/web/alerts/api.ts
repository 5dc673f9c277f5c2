import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, post } from '../kit/api.ts';
import type {
  Alert,
  Alerts,
  NewSilence,
  Notifications,
  Silence,
  Silences,
} from '../../server/api/contract-alerts.ts';

/** Facts say when something changed (`use-alerts-live.ts`); this is for what they do not tell. */
const refreshMs = 30_000;
/** As many as the server gives at once. */
const shownAtMost = 1_000;
const historyAtMost = 500;

/** Changes to alerts and silences. All throw ApiError. */
export const alertsApi = {
  acknowledge: (id: string, note?: string) =>
    post<Alert>(`/api/v1/alerts/${id}/acknowledge`, note ? { note } : {}),
  unacknowledge: (id: string) => post<Alert>(`/api/v1/alerts/${id}/unacknowledge`, {}),
  /** For an alert whose rule is gone: nobody else would end it. */
  resolve: (id: string, note?: string) =>
    post<Alert>(`/api/v1/alerts/${id}/resolve`, note ? { note } : {}),
  silence: (asked: NewSilence) => post<Silence>('/api/v1/silences', asked),
  endSilence: (id: string) => post<Silence>(`/api/v1/silences/${id}/end`, {}),
};

/** Every alert that is open now. */
export const openAlertsQuery = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => get<Alerts>(`/api/v1/alerts?state=open&limit=${shownAtMost}`, signal),
  refetchInterval: refreshMs,
});

/** The open alerts that a filter over their labels matches. */
export const matchingAlertsQuery = (where: string) =>
  queryOptions({
    queryKey: ['alerts', 'matching', where],
    queryFn: ({ signal }) =>
      get<Alerts>(
        `/api/v1/alerts?${new URLSearchParams({ state: 'open', where }).toString()}`,
        signal,
      ),
  });

/** Alerts of now and the past: those that are open first, then what ended last. */
export const allAlertsQuery = (where: string) =>
  queryOptions({
    queryKey: ['alerts', 'all', where],
    queryFn: ({ signal }) =>
      get<Alerts>(
        `/api/v1/alerts?${new URLSearchParams({ state: 'all', limit: String(historyAtMost), ...(where && { where }) }).toString()}`,
        signal,
      ),
    placeholderData: keepPreviousData,
  });

/** One alert. */
export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: ({ signal }) => get<Alert>(`/api/v1/alerts/${id}`, signal),
    refetchInterval: refreshMs,
  });

export const silencesQuery = queryOptions({
  queryKey: ['silences'],
  queryFn: ({ signal }) => get<Silences>('/api/v1/silences', signal),
  refetchInterval: refreshMs,
});

/** What was sent and what was not, newest first: about one alert, or about all. */
export const notificationsQuery = (alert?: string) =>
  queryOptions({
    queryKey: ['notifications', alert],
    queryFn: ({ signal }) =>
      get<Notifications>(
        `/api/v1/notifications${alert === undefined ? '' : `?alert=${alert}`}`,
        signal,
      ),
    refetchInterval: refreshMs,
  });
