import { defineErrors } from '../errors/coded-error.ts';

/** What goes wrong in history. See docs/errors.md. */
export const historyError = defineErrors('HISTORY', {
  TIMEOUT: { status: 504, title: 'The query took longer than it may' },
  MEMORY: { status: 422, title: 'The query needs more memory than it may' },
  UNAVAILABLE: { status: 503, title: 'History is restarting' },
  BUSY: { status: 503, title: 'Too many queries wait for history' },
  REFUSED: { status: 400, title: 'History refused the query' },
  CANCELLED: { status: 499, title: 'The query was cancelled' },
  CLOSED: { status: 503, title: 'History is closed' },
  INSERT: { status: 500, title: 'History could not take a block of events' },
  START: { status: 500, title: 'History could not be started' },
});
