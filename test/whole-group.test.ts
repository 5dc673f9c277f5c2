import { expect, test } from 'vitest';

test.each([0, -1])('a signal to process %s, which would end the test run, is refused', (pid) => {
  expect(() => process.kill(pid, 'SIGKILL')).toThrow('would end the test run');
});
