import { defineErrors } from '../errors/coded-error.ts';

/** What can be wrong with a rule as it is written. See docs/errors.md. */
export const ruleError = defineErrors('RULE', {
  NAME: { status: 400, title: 'The name of the rule cannot be used' },
  DUPLICATE: { status: 400, title: 'Two rules have the same name' },
  ARGUMENT: { status: 400, title: 'An operator cannot work with what it was given' },
  KEYS: { status: 400, title: 'Streams with different keys cannot be joined' },
  OUTSIDE: { status: 400, title: 'A rule was declared where none is collected' },
});
