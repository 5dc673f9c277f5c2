import { expect, test } from 'vitest';
import { ProblemAnswer } from './api.ts';
import { withRetries } from './backoff.ts';
import { cliErrors } from './errors.ts';

const busy = (): Error =>
  new ProblemAnswer({ type: '', title: 'busy', status: 503, code: 'TERR_LOG_BUSY' }, 1);
const gone = (): Error => cliErrors('UNREACHABLE', 'gone');

function failing(...errors: readonly Error[]) {
  let tries = 0;
  const attempt = async (): Promise<number> => {
    const error = errors[tries++];
    if (error !== undefined) throw error;
    return tries;
  };
  return attempt;
}

const how = (wasReached: boolean, forMs = 60_000) => ({
  forMs,
  signal: new AbortController().signal,
  wasReached: () => wasReached,
  onWait: () => undefined,
});

test('tries again while the server is busy', async () => {
  await expect(withRetries(failing(busy()), how(false))).resolves.toBe(2);
});

test('waits for a server that was there, not for one that never was', async () => {
  await expect(withRetries(failing(gone()), how(true))).resolves.toBe(2);
  await expect(withRetries(failing(gone()), how(false))).rejects.toMatchObject({
    code: 'TERR_CLI_UNREACHABLE',
  });
});

test('gives up when the time is over, with the last error', async () => {
  await expect(withRetries(failing(busy(), busy()), how(true, 0))).rejects.toThrow('busy');
});

test('an error that will not pass is told at once', async () => {
  const wrong = new ProblemAnswer({ type: '', title: 'no', status: 400, code: 'X' }, undefined);
  await expect(withRetries(failing(wrong), how(true))).rejects.toBe(wrong);
});
