import { createHash } from 'node:crypto';
import { createConnection, createServer, type Server } from 'node:net';
import { runnerErrors } from '../errors.ts';

/** ms between two tries. */
const tryEvery = 20;
/** A stop may take its grace (10 s) and some more; who waits longer than this is told who holds it. */
const longest = 60_000;

/**
 * Does something while nobody else, in this process or another of this machine, holds the lock of
 * the same name. Throws TERR_RUNNER_INSTANCE after a minute of waiting.
 */
export async function locked<T>(name: string, act: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + longest;
  for (;;) {
    const got = await tryLocked(name, act);
    if (got) return got.value;
    if (performance.now() > deadline)
      throw runnerErrors('INSTANCE', `${name} is held by ${await holder(name)} for over a minute`);
    await new Promise((resolve) => setTimeout(resolve, tryEvery));
  }
}

/** The same without waiting: undefined when another holds it. */
export async function tryLocked<T>(
  name: string,
  act: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const lock = await hold(name);
  if (!lock) return undefined;
  try {
    return { value: await act() };
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

/**
 * An abstract socket (unix(7)) is the lock: the kernel lets one process have a name and takes it
 * back when that process ends, however it ends, so that no lock outlives its holder and none has to
 * be taken over. (Lock files with a pid in them have a gap in every way of taking over that we
 * know.) Names have exactly the 108 bytes that there are: Node 20 fills up shorter ones, 24 does not.
 */
const address = (name: string): string =>
  `\0territory-instance-${createHash('sha256').update(name).digest('hex')}`.padEnd(108, '.');

async function hold(name: string): Promise<Server | undefined> {
  const server = createServer((asking) => {
    asking.on('error', () => undefined);
    asking.end(`${process.pid}`);
  });
  // It must not keep a process alive that has nothing else to do.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address(name), () => resolve(server));
  });
}

async function holder(name: string): Promise<string> {
  const pid = await new Promise<string>((resolve) => {
    const asked = createConnection(address(name));
    asked.setTimeout(1_000, () => asked.destroy());
    asked.once('data', (text: Buffer) => resolve(text.toString()));
    asked.once('error', () => resolve(''));
    asked.once('close', () => resolve(''));
  });
  return pid === '' ? 'another process' : `process ${pid}`;
}
