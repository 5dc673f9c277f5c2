import { defineErrors } from '../../errors/coded-error.ts';

/** Why the room of deploys refuses a command. See docs/errors.md. */
export const deploysError = defineErrors('DEPLOYS', {
  UNKNOWN: { status: 404, title: 'There is no such deploy, environment or reservation' },
  REFUSED: { status: 409, title: 'A gate refuses the deploy' },
  STATE: { status: 409, title: 'It cannot be done to a deploy that stands like this' },
  FENCED: { status: 409, title: 'The lease of this deploy is over' },
  LANE: { status: 409, title: 'Another deploy runs in this lane' },
  FOREIGN: { status: 403, title: 'Only a gatekeeper, or whose it is, may do this' },
  OWN: { status: 403, title: 'Nobody approves a deploy of their own' },
  TARGET: { status: 409, title: 'There is no version to go back to' },
  RESERVED: { status: 409, title: 'The time is reserved by somebody else' },
  INVALID: { status: 400, title: 'The command cannot be carried out as it is' },
  FULL: { status: 409, title: 'There are as many as there may be' },
});
