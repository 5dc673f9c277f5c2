import { defineErrors } from '../errors/coded-error.ts';

/** Why a runner can not do what it was asked for. See docs/errors.md. */
export const runnerErrors = defineErrors('RUNNER', {
  AWAY: { status: 502, title: 'The machine behind ssh is away' },
  BALANCER: { status: 502, title: 'The balancer does not do as asked' },
  CHECK: { status: 409, title: 'The instances are not good' },
  CONFIG: { status: 400, title: 'The file of the runner is not right' },
  DATABASE: { status: 502, title: 'The database can not be used' },
  DELIVERY: { status: 409, title: 'The artefact does not say how it is brought to run' },
  INSTANCE: { status: 409, title: 'The instance can not be started or stopped' },
  JOB: { status: 409, title: 'The job can not be started or found' },
  MIGRATION: { status: 409, title: 'The migration failed' },
  NOWAY: { status: 409, title: 'There is no way back to the old version' },
  ORDER: { status: 409, title: 'The folder holds no order of a deploy' },
  SERVER: { status: 502, title: 'The server does not take what the runner says' },
  SSH: { status: 502, title: 'The machine behind ssh does not do as asked' },
  STRATEGY: { status: 409, title: 'The new instances can not take the place of the old ones' },
  TAKEN: { status: 409, title: 'Another runner works in the same home' },
  VALUES: { status: 409, title: 'Required configuration has no value' },
});
