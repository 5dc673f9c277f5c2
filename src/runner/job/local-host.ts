import { runnerErrors } from '../errors.ts';
import { cancelJob } from './cancelling.ts';
import { followJob } from './following.ts';
import type { JobHost } from './job.ts';
import { startJob } from './starting.ts';
import { stateOf } from './state.ts';

/**
 * Jobs on this machine. Any number of processes may use the same folders at once; none of them needs
 * to have started what it asks about. Linux only: processes are found in /proc. Throws
 * TERR_RUNNER_JOB elsewhere.
 */
export function localHost(): JobHost {
  if (process.platform !== 'linux')
    throw runnerErrors('JOB', `jobs need Linux and its /proc; this is ${process.platform}`);
  return { start: startJob, stateOf, follow: followJob, cancel: cancelJob };
}
