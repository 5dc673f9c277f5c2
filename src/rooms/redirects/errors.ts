import { defineErrors } from '../../errors/coded-error.ts';

/** Why the room of redirect maps refuses a command. See docs/errors.md. */
export const redirectsError = defineErrors('REDIRECTS', {
  UNKNOWN: { status: 404, title: 'There is no such redirect map' },
  INVALID: { status: 400, title: 'The redirect map can not be taken' },
  FULL: { status: 409, title: 'There are as many redirect maps as there may be' },
  GONE: { status: 409, title: 'The rows of the redirect map are not on this server' },
  BUSY: { status: 503, title: 'The redirect map is being worked on' },
  ENVIRONMENT: { status: 400, title: 'The environment can not be verified' },
});
