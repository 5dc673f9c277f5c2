import { defineErrors } from '../errors/coded-error.ts';

/** Why a room refuses a command. See docs/errors.md. */
export const roomError = defineErrors('ROOM', {
  UNKNOWN: { status: 404, title: 'There is no such alert, silence or notification' },
  STATE: { status: 409, title: 'It cannot be done in the present state' },
  INVALID: { status: 400, title: 'The command cannot be carried out as it is' },
  FULL: { status: 409, title: 'There are as many as there may be' },
  BUSY: { status: 503, title: 'Others change the same thing at this moment' },
  STARTING: { status: 503, title: 'The room is still reading its facts' },
});
