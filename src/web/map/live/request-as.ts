import { ApiError, refusal } from '../../kit/api.ts';

/** One request by a token instead of the browser's session: a wallboard has nobody to sign in. Throws ApiError. */
export async function requestAs(token: string, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'omit', headers });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The server does not answer', undefined, undefined);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}
