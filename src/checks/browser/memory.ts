import { readFile, readdir } from 'node:fs/promises';

/**
 * Bytes that a process and all that it started take: the sum of Pss of /proc/PID/smaps_rollup, which
 * counts what processes share once. Undefined where the system does not say (other than Linux).
 */
export async function memoryOf(root: number): Promise<number | undefined> {
  const parents = await parentsOf();
  if (!parents?.has(root)) return undefined;
  const own = [...parents.keys()].filter((pid) => isBelow(pid, root, parents));
  const sizes = await Promise.all(own.map(pssOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The process that was started with this argument. */
export async function processWith(argument: string): Promise<number | undefined> {
  const pids = await pidsNow();
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').includes(argument) ? pid : undefined;
    }),
  );
  return found.find((pid) => pid !== undefined);
}

async function pidsNow(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function parentsOf(): Promise<ReadonlyMap<number, number> | undefined> {
  const pids = await pidsNow();
  const found = await Promise.all(
    pids.map(async (pid): Promise<[number, number]> => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name is in brackets, and may have some in it.
      return [pid, Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1] ?? 0)];
    }),
  );
  return found.length === 0 ? undefined : new Map(found);
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
    if (at === root) return true;
  return false;
}

async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
}
