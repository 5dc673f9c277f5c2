import type {
  Catalogue,
  EventsAnswer,
  Health,
  Intake,
  Itself,
  PlacedEvent,
  Problem,
  Query,
  SeriesAnswer,
} from '../../src/server/api/contract.ts';
import { type OpenTail, openTail } from './tail-reader.suite.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Body;
  readonly text: string;
}

export interface Sending {
  readonly contentType?: string;
  /** Instead of the admin's; '' for none. */
  readonly token?: string;
}

export interface Tailing {
  /** Where an earlier tail had come to. */
  readonly lastId?: string;
  readonly token?: string;
}

/** A server's API as a client sees it. */
export interface Api {
  readonly url: string;
  readonly token: string;
  readonly request: <Body = unknown>(path: string, init?: RequestInit) => Promise<Answer<Body>>;
  readonly send: (body: unknown, sending?: Sending) => Promise<Answer<Intake & Problem>>;
  readonly series: (query: Query) => Promise<SeriesAnswer>;
  /** Every event that matches, oldest first, page by page. */
  readonly events: (query: Query) => Promise<PlacedEvent[]>;
  readonly itself: () => Promise<Itself>;
  readonly health: () => Promise<Health>;
  readonly catalogue: () => Promise<Catalogue>;
  /** The number of one metric of /metrics; 0 when it is not there. */
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  /** How often a limit was hit, by its setting's name. */
  readonly hits: (setting: string) => Promise<number>;
  readonly tail: (query?: string, as?: Tailing) => Promise<OpenTail>;
  /** Resolves once history holds all that the log holds now. */
  readonly caughtUp: (seconds?: number) => Promise<void>;
}

/** Asks again until it is so. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  seconds = 20,
  what = 'it',
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (await isSo()) return;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} was not so within ${seconds} s`);
}

export function api(url: string, token: string): Api {
  const request = async <Body>(path: string, init: RequestInit = {}): Promise<Answer<Body>> => {
    const authorization = { authorization: `Bearer ${token}` };
    const headers = { ...authorization, ...(init.headers as Record<string, string>) };
    const response = await fetch(url + path, { ...init, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed<Body>(text) };
  };
  const post = <Body>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    request<Body>(path, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    } as RequestInit);
  const ask = async <Body>(path: string, body?: unknown): Promise<Body> => {
    const answer = await (body === undefined ? request<Body>(path) : post<Body>(path, body));
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const itself = () => ask<Itself>('/api/v1/itself');
  const health = async () => (await request<Health>('/healthz')).json;
  const events = (query: Query) => ask<EventsAnswer>('/api/v1/query', query);
  return {
    url,
    token,
    request,
    send: (body, { contentType, token: other } = {}) =>
      post('/api/v1/events', body, {
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(other === undefined ? {} : { authorization: other === '' ? '' : `Bearer ${other}` }),
      }),
    series: (query) => ask('/api/v1/query', query),
    events: (query) => allPages(events, query),
    itself,
    health,
    catalogue: () => ask('/api/v1/catalogue'),
    metric: async (name, labels = {}) =>
      sample((await request('/metrics')).text, name, Object.entries(labels)),
    hits: async (setting) => {
      const limit = (await itself()).limits.find((one) => one.setting === setting);
      if (limit === undefined) throw new Error(`no limit ${setting} is listed`);
      return limit.hits;
    },
    tail: (query = '', { lastId, token: other = token } = {}) =>
      openTail(`${url}/api/v1/tail${query}`, other, lastId),
    caughtUp: (seconds) => catchUp({ itself, health }, seconds),
  };
}

async function allPages(
  page: (query: Query) => Promise<EventsAnswer>,
  query: Query,
): Promise<PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  let cursor: string | undefined;
  do {
    const asked = { order: 'oldest', limit: 10_000, ...query } as const;
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const answer = await page(cursor === undefined ? asked : { ...asked, cursor });
    events.push(...answer.events);
    cursor = answer.next;
  } while (cursor !== undefined);
  return events;
}

/** How far history has come, by streams. */
async function held(itself: () => Promise<Itself>, of: 'log' | 'history'): Promise<number[]> {
  const { streams } = await itself();
  return streams.map(
    ({ next, historyLagEvents }) => next - (of === 'log' ? 0 : (historyLagEvents ?? next)),
  );
}

async function catchUp(api_: Pick<Api, 'itself' | 'health'>, seconds?: number): Promise<void> {
  const wanted = await held(api_.itself, 'log');
  const isThere = async (): Promise<boolean> => {
    const { history, follower } = (await api_.health()).parts;
    if (history !== 'ok' || follower !== 'ok') return false;
    const now = await held(api_.itself, 'history');
    return wanted.every((next, n) => (now[n] ?? 0) >= next);
  };
  await until(isThere, seconds, 'history caught up');
}

function parsed<Body>(text: string): Body {
  try {
    return JSON.parse(text) as Body; // the API's own contract
  } catch {
    return undefined as Body; // no JSON: /metrics
  }
}

function sample(text: string, name: string, labels: [string, string][]): number {
  const line = text
    .split('\n')
    .find(
      (one) =>
        one.startsWith(name) &&
        /^[{ ]/.test(one.slice(name.length)) &&
        labels.every(([key, value]) => one.includes(`${key}="${value}"`)),
    );
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}
