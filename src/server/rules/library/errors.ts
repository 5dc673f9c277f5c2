import { defineErrors } from '../../../errors/coded-error.ts';

/** What can go wrong with choosing a ready rule. See docs/errors.md. */
export const libraryError = defineErrors('LIBRARY', {
  UNKNOWN: { status: 404, title: 'There is no such ready rule' },
  CHOSEN: { status: 409, title: 'The rule was chosen already' },
});
