import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** The two ends of a pipe. */
export interface Pipe {
  /** For standard output and standard error of the process; to be closed as soon as it has them. */
  readonly writing: number;
  readonly reading: Socket;
}

/**
 * A real pipe, both outputs into one, in their order. Those that Node makes for a child are sockets,
 * one for each output: the order of lines is lost between them, and `echo … >/dev/stderr` of a shell
 * fails (ENXIO). A shell's `exec "$@" 2>&1` between would drop variables with unusual names.
 */
export function makePipe(folder: string): Pipe {
  const path = join(folder, `.output.${process.pid}`);
  rmSync(path, { force: true });
  execFileSync('mkfifo', ['-m', '600', path]);
  try {
    // Without O_NONBLOCK this end would wait for a writer; the other end is opened without, and blocks
    // the process when we are slow, as pipes do.
    const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(path, constants.O_WRONLY);
    return { writing, reading: new Socket({ fd: end, readable: true, writable: false }) };
  } finally {
    rmSync(path, { force: true });
  }
}

/** The process has it: as long as we have it too, the output would never end. */
export const handedOver = (pipe: Pipe): void => closeSync(pipe.writing);
