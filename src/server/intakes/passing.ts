import { CodedError } from '../../errors/coded-error.ts';

/** Whether the log refused for now only, and may take the same in a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof CodedError && ['TERR_LOG_BUSY', 'TERR_LOG_FULL'].includes(error.code);
}
