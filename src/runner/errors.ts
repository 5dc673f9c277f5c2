import { defineErrors } from '../errors/coded-error.ts';

/** Why a runner can not do what it was asked for. See docs/errors.md. */
export const runnerErrors = defineErrors('RUNNER', {
  DATABASE: { status: 502, title: 'The database can not be used' },
  MIGRATION: { status: 409, title: 'The migration failed' },
});
