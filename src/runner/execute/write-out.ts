import { writeSync } from 'node:fs';

/** ms that a full pipe is waited for, and between two tries. */
const patience = 2_000;
const tryEvery = 10;

/**
 * Writes to standard output, for a process that must not end with who reads it: when that is killed,
 * what is said is said to nobody. (process.stdout would end the command line.)
 */
export function writeOut(line: string): void {
  const bytes = Buffer.from(line);
  const until = performance.now() + patience;
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      const isFull = (error as NodeJS.ErrnoException).code === 'EAGAIN';
      // What is said to nobody is in the journal as well.
      if (!isFull || performance.now() > until) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tryEvery);
    }
  }
}
