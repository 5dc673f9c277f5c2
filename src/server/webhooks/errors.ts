import { defineErrors } from '../../errors/coded-error.ts';

/** What can be wrong with the webhooks that are added at run time. */
export const webhookErrors = defineErrors('WEBHOOK', {
  UNKNOWN: { status: 404, title: 'There is no such webhook' },
  EXISTS: { status: 409, title: 'That name is taken' },
  FULL: { status: 409, title: 'There are as many webhooks as there may be' },
  SECRET: { status: 400, title: 'The secret cannot be used' },
  MAPPING: { status: 400, title: 'The mapping cannot be used' },
  FILE: { status: 500, title: 'The file of the webhooks cannot be used' },
});
