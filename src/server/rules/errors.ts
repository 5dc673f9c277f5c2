import { defineErrors } from '../../errors/coded-error.ts';

/** What goes wrong with rule files and with what runs them. See docs/errors.md. */
export const rulesError = defineErrors('RULES', {
  LOAD: { status: 400, title: 'A rule file cannot be loaded' },
  COMPILER: { status: 500, title: 'The compiler of rule files did not run' },
  UNKNOWN: { status: 404, title: 'There is no such rule or rule file' },
  UNAVAILABLE: { status: 503, title: 'The rules are being started' },
  DIRECTORY: { status: 500, title: 'The directory of the rules cannot be read' },
});
