/**
 * Refuses signals to 0 and -1 in tests: they go to the whole process group, which is the test run and
 * whatever runs it, or to everybody. `kill(found?.pid ?? 0, 'SIGKILL')` once ended a CI run without a word.
 */
const kill = process.kill.bind(process);
process.kill = (pid, signal) => {
  if (pid === 0 || pid === -1) throw new Error(`a signal to process ${pid} would end the test run`);
  return kill(pid, signal);
};
