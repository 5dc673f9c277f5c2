import { defineErrors } from '../../errors/coded-error.ts';

/** Why chaos is refused. See docs/errors.md. */
export const newsroomError = defineErrors('NEWSROOM', {
  NONE: { status: 409, title: 'No demo lives here' },
  STATE: { status: 409, title: 'The chaos is not in a state for that' },
});
