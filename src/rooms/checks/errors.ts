import { defineErrors } from '../../errors/coded-error.ts';

/** Why the room of checks refuses a command. See docs/errors.md. */
export const checkRoomError = defineErrors('CHECKROOM', {
  UNKNOWN: { status: 404, title: 'There is no such check or feature' },
  INVALID: { status: 400, title: 'It can not be set up as it is written' },
  CONFLICT: { status: 409, title: 'Somebody else has saved in the meantime' },
  FULL: { status: 409, title: 'There are as many as there may be' },
});
