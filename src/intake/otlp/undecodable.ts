import { intakeErrors } from '../errors.ts';

/** What is wrong in a JSON body, with its path; nothing of the body is taken. */
export function undecodable(path: string, expected: string, value: unknown): Error {
  const shown = JSON.stringify(value)?.slice(0, 64) ?? 'nothing';
  const message = `${path || 'the body'} must be ${expected}, and is ${shown}`;
  return intakeErrors('DECODE', message, { field: path });
}
