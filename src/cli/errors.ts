import { defineErrors } from '../errors/coded-error.ts';

/** Errors that the command line itself finds. */
export const cliErrors = defineErrors('CLI', {
  USAGE: { status: 400, title: 'The command was not given what it needs' },
  INPUT: { status: 400, title: 'The input can not be read' },
  CONFIG: { status: 400, title: 'The configuration can not be used' },
  UNREACHABLE: { status: 503, title: 'The server can not be reached' },
  TIMEOUT: { status: 504, title: 'The server did not answer in time' },
  ANSWER: { status: 502, title: 'The answer is not one of Territory' },
  TOKEN: { status: 401, title: 'No usable token' },
  GIT: { status: 400, title: 'git could not read the repository' },
  EXPORT_FILE: { status: 400, title: 'The file is not a whole export' },
  RESTORE_TARGET: { status: 409, title: 'The target can not be restored into' },
});
