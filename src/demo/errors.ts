import { defineErrors } from '../errors/coded-error.ts';

/** Why the demo does not start. See docs/errors.md. */
export const demoErrors = defineErrors('DEMO', {
  HOME: { status: 409, title: 'The folder is not one of the demo' },
  TAKEN: { status: 409, title: 'The demo runs in this folder already' },
  SEED: { status: 409, title: 'The company was begun with another seed' },
  PORT: { status: 409, title: 'A port that the demo needs is taken' },
  START: { status: 500, title: 'A part of the company did not start' },
  GIT: { status: 500, title: 'A commit of the company could not be made' },
  RECORDING: { status: 400, title: 'The file can not be recorded to, or is no recording' },
  BUILD: { status: 500, title: 'Territory is not built here' },
});
