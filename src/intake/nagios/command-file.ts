import { execFile } from 'node:child_process';
import { constants, open, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Poller, PollerContext } from '../poller.ts';
import { CommandLines } from './command-lines.ts';

/** A pipe that can not be opened is tried again after this, ms. */
const againMs = 10_000;
/** Readable and writable for its owner and group: who may write may send results. */
const mode = '660';

/**
 * The command file of Nagios: a named pipe that plugins, scripts and a Nagios' OCSP commands write
 * results to. It stays when Territory stops, so that nobody makes a plain file of that name.
 */
export const commandFile: Poller = {
  name: 'nagios-command-file',
  group: 'nagios',
  title: 'Nagios passive results (command file)',
  wanted: ({ commandFile: path }) => typeof path === 'string',
  address: ({ commandFile: path }) => (typeof path === 'string' ? path : ''),
  run: async (context) => {
    const { commandFile: path } = context.settings;
    if (typeof path !== 'string') return;
    while (!context.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one pipe after the other
      await follow(path, context);
      // oxlint-disable-next-line no-await-in-loop -- until it can be opened
      await wait(againMs, undefined, { signal: context.signal }).catch(() => undefined);
    }
  },
};

/** Reads until the pipe fails or the signal aborts. */
async function follow(path: string, context: PollerContext): Promise<void> {
  try {
    const pipe = addAbortSignal(context.signal, await openPipe(path));
    const lines = new CommandLines();
    // What is read while a delivery waits stays in the pipe: writers wait, nothing is lost.
    for await (const chunk of pipe) await context.deliver(lines.decode(chunk as Buffer), path);
  } catch (error) {
    if (context.signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    context.trouble(path, { code: 'TERR_INTAKE_SOURCE', message });
  }
}

async function openPipe(path: string): Promise<Socket> {
  let found = await statOf(path);
  if (found === undefined) {
    await promisify(execFile)('mkfifo', ['-m', mode, '--', path]);
    found = await stat(path);
  }
  if (!found.isFIFO())
    throw new Error(`${path} is no named pipe: take it away, and it is made anew.`);
  // Opened for writing too, so that it does not end when the last writer closes it.
  const flags = constants.O_RDWR | constants.O_NONBLOCK;
  const fd = await promisify(open)(path, flags);
  return new Socket({ fd, readable: true, writable: false });
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
