import { defineErrors } from '../errors/coded-error.ts';

/** Why features can not be run. See docs/errors.md. */
export const checksErrors = defineErrors('CHECKS', {
  FEATURE: { status: 400, title: 'The feature is not right' },
  STEPS: { status: 400, title: 'A file of steps is not right' },
  TAGS: { status: 400, title: 'The expression of tags is not right' },
  SETTINGS: { status: 400, title: 'The settings of checks are not right' },
  SUBMIT: { status: 400, title: 'The result can not be given to Nagios' },
});
