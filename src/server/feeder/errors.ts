import { defineErrors } from '../../errors/coded-error.ts';

/** What goes wrong between the log and history. See docs/errors.md. */
export const feederError = defineErrors('FEEDER', {
  FOREIGN: { status: 500, title: 'History belongs to another log' },
  UNAVAILABLE: { status: 503, title: 'The follower of the log is restarting' },
});
