import { defineErrors } from '../errors/coded-error.ts';

/** What can be wrong with a question to history. See docs/errors.md. */
export const queryError = defineErrors('QUERY', {
  POINTS: { status: 400, title: 'The answer would have too many points' },
  CURSOR: { status: 400, title: 'The cursor does not belong to this query' },
  BY: { status: 400, title: 'Events cannot be grouped by this field' },
  SIZE: { status: 400, title: 'The condition is too long for history' },
});
