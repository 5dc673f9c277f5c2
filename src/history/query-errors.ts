import { defineErrors } from '../errors/coded-error.ts';

/** What can be wrong with a question to history. See docs/errors.md. */
export const queryError = defineErrors('QUERY', {
  RANGE: { status: 400, title: 'The range of the query is not usable' },
  FIELD: { status: 400, title: 'A parameter of the query is not usable' },
  POINTS: { status: 400, title: 'The answer would have too many points' },
  CURSOR: { status: 400, title: 'The cursor does not belong to this query' },
});
