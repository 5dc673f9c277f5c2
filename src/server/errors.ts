import { defineErrors } from '../errors/coded-error.ts';

/** What a request to the API can get wrong. */
export const apiError = defineErrors('API', {
  INVALID: { status: 400, title: 'The request does not have the shape that this route takes' },
  TIME_RANGE: { status: 400, title: 'The time range cannot be used' },
  POSITION: { status: 400, title: 'That is no position in the log' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  METHOD: { status: 405, title: 'This route does not take that method' },
  TRIMMED: { status: 410, title: 'The event has left the log' },
  TOO_LARGE: { status: 413, title: 'The request is too large' },
  MEDIA_TYPE: { status: 415, title: 'The body is of a type that this route does not take' },
  TOO_MANY_TAILS: { status: 503, title: 'Too many tails are open' },
  NO_HISTORY: { status: 503, title: 'History is not kept or not ready' },
  STOPPING: { status: 503, title: 'The server is stopping' },
  INTERNAL: { status: 500, title: 'Something went wrong in the server' },
});

/** Who is asking, and what they may do. */
export const accountsError = defineErrors('ACCOUNTS', {
  UNAUTHENTICATED: { status: 401, title: 'Sign in or send a good token' },
  SIGN_IN: { status: 401, title: 'The sign-in was refused' },
  FORBIDDEN: { status: 403, title: 'You may not do this' },
  CSRF: { status: 403, title: 'The change did not carry the token of its session' },
  SLOW_DOWN: { status: 429, title: 'Too many failed sign-ins' },
  UNKNOWN: { status: 404, title: 'There is no such user or token' },
  EXISTS: { status: 409, title: 'That name is taken' },
  LAST_ADMIN: { status: 409, title: 'Nobody would be left who may administer' },
  EXPIRY: { status: 400, title: 'The expiry cannot be used' },
  FULL: { status: 409, title: 'There are as many users or tokens as there may be' },
  FILE: { status: 500, title: 'The file of the accounts cannot be used' },
});

/** What stops the server from starting. */
export const startError = defineErrors('START', {
  PUBLIC: { status: 500, title: 'The server would be open to others without protection' },
  TLS: { status: 500, title: 'The certificate or key cannot be used' },
  LISTEN: { status: 500, title: 'The address cannot be listened on' },
  DATA: { status: 500, title: 'The data directory cannot be used' },
});
