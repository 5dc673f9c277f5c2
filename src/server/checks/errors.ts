import { defineErrors } from '../../errors/coded-error.ts';

/** Why something can not be done about checks. See docs/errors.md. */
export const checkErrors = defineErrors('CHECK', {
  UNKNOWN: { status: 404, title: 'There is no such check, run or feature' },
  READ_ONLY: { status: 409, title: 'The feature is kept in a folder and is not edited here' },
  INVALID: { status: 400, title: 'It can not be done as it was asked' },
  GATE: { status: 403, title: 'What gates releases is changed by gatekeepers' },
  UNAVAILABLE: { status: 503, title: 'What runs checks is not there at this moment' },
});
