import type {
  Catalogue,
  EventsAnswer,
  Itself,
  Problem,
  Query,
  Related,
  SeriesAnswer,
  Session,
  SignIn,
} from '../../server/api/contract.ts';
import { heard, notHeard } from './connection.ts';

/** An answer that is not 2xx (`problem` says why), or no answer at all (`problem` is undefined). */
export class ApiError extends Error {
  readonly status: number | undefined;
  readonly problem: Problem | undefined;

  constructor(message: string, status: number | undefined, problem: Problem | undefined) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

const sessionPath = '/api/v1/session';

/** The session's token against forged requests; set by every answer that carries a session. */
let csrf = '';

let onSignedOut = (): void => {};

/** What to do when an answer says that the session has ended. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

/** One request to the server. Throws ApiError. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.method !== undefined && init.method !== 'GET' && csrf) headers.set('x-csrf-token', csrf);
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, headers });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    notHeard();
    throw new ApiError('The server does not answer', undefined, undefined);
  }
  heard();
  if (response.status === 401 && !path.startsWith(sessionPath)) onSignedOut();
  if (!response.ok) throw await refusal(response);
  return response;
}

/** What an answer that is not 2xx says. */
export async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const problem = JSON.parse(text) as Problem;
    return new ApiError(problem.detail ?? problem.title, response.status, problem);
  } catch {
    const message = `The server answered ${response.status} without saying why`;
    return new ApiError(message, response.status, undefined);
  }
}

// The answers are checked where they are made, by the same schemas that these types come from.
/** Asks. Throws ApiError. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal ? { signal } : {});
  return (await response.json()) as T;
}
/** Changes, or asks with a body. Throws ApiError. */
export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const response = await request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return (await response.json()) as T;
}

const remembering = (session: Session): Session => {
  csrf = session.csrf;
  return session;
};

/** The API, one function for each question the console asks. All throw ApiError. */
export const api = {
  session: async (): Promise<Session> => remembering(await get<Session>(sessionPath)),
  signIn: async (as: SignIn): Promise<Session> => remembering(await post<Session>(sessionPath, as)),
  signOut: async (): Promise<void> => {
    await request(sessionPath, { method: 'DELETE' });
    csrf = '';
  },
  catalogue: (signal?: AbortSignal) => get<Catalogue>('/api/v1/catalogue', signal),
  series: (query: Query, signal?: AbortSignal) =>
    post<SeriesAnswer>('/api/v1/query', query, signal),
  events: (query: Query, signal?: AbortSignal) =>
    post<EventsAnswer>('/api/v1/query', query, signal),
  related: (stream: string, offset: number, signal?: AbortSignal) =>
    get<Related>(`/api/v1/related/${stream}/${offset}`, signal),
  itself: (signal?: AbortSignal) => get<Itself>('/api/v1/itself', signal),
};
