import { readFileSync, readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * Lets the rest of the product go first when the processors are all taken: what is acknowledged
 * must not wait for what is done later.
 *
 * On Linux each thread has a priority of its own (setpriority(2), "C library/kernel differences"),
 * which the threads that it starts inherit. A process that is running has threads already, those
 * of V8 and of libuv's pool, which do most of the work: so each of them is told. Elsewhere it
 * holds for the whole process, and there a thread must not ask for it.
 *
 * @param of what goes behind: the calling process, one of its threads that calls, or those of its
 *   threads that have this name
 * @param nice 1 to 19 more than the caller has, more is meeker
 */
export function stepBack(
  of: 'process' | 'thread' | { readonly named: string },
  nice: number,
): void {
  if (of !== 'process' && process.platform !== 'linux') return;
  const wanted = Math.min(19, getPriority() + nice);
  for (const thread of of === 'thread' ? [0] : threads(of === 'process' ? undefined : of.named)) {
    try {
      setPriority(thread, wanted);
    } catch {
      // It has ended, or this is not permitted: then everything runs alike.
    }
  }
}

/** Numbers of the threads of this process; 0, the caller, where they can't be told. */
function threads(name: string | undefined): readonly number[] {
  const tasks = '/proc/self/task';
  try {
    return readdirSync(tasks)
      .filter((id) => name === undefined || nameOf(`${tasks}/${id}/comm`) === name)
      .map(Number);
  } catch {
    return name === undefined ? [0] : [];
  }
}

function nameOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
