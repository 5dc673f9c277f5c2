import { setPriority } from 'node:os';

/**
 * Lets the rest of the product go first when the processors are all taken: what is acknowledged
 * must not wait for what is done later. On Linux it holds for the calling thread and all that it
 * starts from then on (setpriority(2), "C library/kernel differences"); elsewhere it would hold for
 * the whole process, so there a thread must not ask for it.
 *
 * @param of what calls: a process of its own, or one thread of many
 * @param nice 1 to 19, more is meeker
 */
export function stepBack(of: 'process' | 'thread', nice: number): void {
  if (of === 'thread' && process.platform !== 'linux') return;
  try {
    setPriority(nice);
  } catch {
    // Not permitted here: then everything runs alike.
  }
}
