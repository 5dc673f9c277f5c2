import { defineErrors } from '../errors/coded-error.ts';

/** Errors of the log; each has its paragraph in docs/errors.md. */
export const logErrors = defineErrors('LOG', {
  ABSENT: { status: 500, title: 'There is no log in this directory' },
  BUSY: { status: 503, title: 'Too much is waiting to be written' },
  CLOSED: { status: 503, title: 'The log is closed' },
  CONFLICT: { status: 409, title: 'The subject has changed since it was read' },
  CORRUPT: { status: 500, title: 'A stored record is damaged' },
  FAILED: { status: 500, title: 'The disk did not take a write' },
  FULL: { status: 507, title: 'No room left for the log' },
  LINES: { status: 400, title: 'The lines to append do not fit their description' },
  LOCKED: { status: 500, title: 'Another process writes this directory' },
  NOTE: { status: 400, title: 'The note cannot be stored' },
  READ_ONLY: { status: 500, title: 'The log was opened for reading' },
  TOO_LARGE: { status: 413, title: 'More than one append may hold' },
  VERSION: { status: 500, title: 'The log was written by a newer Territory' },
});
