import { defineErrors } from '../../errors/coded-error.ts';

/** Why the room of gates refuses a command. See docs/errors.md. */
export const gatesError = defineErrors('GATES', {
  UNKNOWN: { status: 404, title: 'There is no such lock, freeze, block or window' },
  HELD: { status: 409, title: 'Somebody else holds the lock' },
  FOREIGN: { status: 403, title: 'Only its owner or a gatekeeper may do this' },
  INVALID: { status: 400, title: 'The gate cannot be set up as it is written' },
  SCHEDULE: { status: 400, title: 'The times of a window cannot be read' },
  FULL: { status: 409, title: 'There are as many gates as there may be' },
});
