import { readFileSync, readlinkSync } from 'node:fs';

/** What /proc tells of one process; what may not be read is undefined. */
export interface ProcessSeen {
  readonly pid: number;
  readonly parent: number;
  /** ms since the epoch, UTC. */
  readonly started: number;
  /** Without the `(deleted)` that the kernel adds. */
  readonly cwd: string | undefined;
  /** The folder of `cwd` was removed. */
  readonly deleted: boolean;
  readonly exe: string | undefined;
}

/** Ticks a second of every Linux that Node runs on (`getconf CLK_TCK`). */
const ticks = 100;
const deletedMark = ' (deleted)';

/** What is to be known of a process; undefined when it is gone. */
export function seeProcess(pid: number): ProcessSeen | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything, also spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = Number(fields[19]);
  const link = linkOf(`/proc/${pid}/cwd`);
  const deleted = link?.endsWith(deletedMark) === true;
  return {
    pid,
    parent: Number(fields[1]),
    started: bootedAt() + (startTime * 1000) / ticks,
    cwd: deleted ? link.slice(0, -deletedMark.length) : link,
    deleted,
    exe: linkOf(`/proc/${pid}/exe`),
  };
}

/** The environment that a process was started with; undefined when it may not be read. */
export function environmentOf(pid: number): ReadonlyMap<string, string> | undefined {
  const text = textOf(`/proc/${pid}/environ`);
  if (text === undefined || text === '') return undefined;
  return new Map(
    text
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)] as const;
      }),
  );
}

/** Whether a process descends from another, or is it. */
export function descendsFrom(pid: number, ancestor: number): boolean {
  let at: number | undefined = pid;
  // Deeper than any start script nests; a bound, as pids come again while one walks.
  for (let steps = 0; steps < 20 && at !== undefined && at > 1; steps++) {
    if (at === ancestor) return true;
    at = seeProcess(at)?.parent;
  }
  return false;
}

let boot: number | undefined;
/** ms since the epoch, to a second. */
function bootedAt(): number {
  boot ??= Number(/^btime (\d+)$/m.exec(textOf('/proc/stat') ?? '')?.[1] ?? Number.NaN) * 1000;
  return boot;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
