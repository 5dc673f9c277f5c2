import { readdir, readFile, statfs } from 'node:fs/promises';
import { type Mount, parseMounts } from './proc.ts';

/** Room of one file system, in bytes. */
export interface Room extends Mount {
  readonly total: number;
  /** Free for everybody. */
  readonly available: number;
  /** Free, with what is reserved for root. */
  readonly free: number;
}

/** What was read at one instant; what this machine has not is undefined. */
export interface Sample {
  readonly stat?: string | undefined;
  readonly load?: string | undefined;
  readonly meminfo?: string | undefined;
  readonly uptime?: string | undefined;
  readonly diskstats?: string | undefined;
  readonly netDev?: string | undefined;
  /** Whole disks, without their partitions. */
  readonly disks?: readonly string[] | undefined;
  readonly processes?: number | undefined;
  readonly rooms: readonly Room[];
}

/** Reads all that a probe looks at. Starts no program; what fails is left out. */
export async function readSample(proc = '/proc', sys = '/sys'): Promise<Sample> {
  const text = (file: string) => orNothing(readFile(`${proc}/${file}`, 'utf8'));
  const [stat, load, meminfo, uptime, diskstats, netDev, mounts, disks, entries] =
    await Promise.all([
      text('stat'),
      text('loadavg'),
      text('meminfo'),
      text('uptime'),
      text('diskstats'),
      text('net/dev'),
      text('self/mounts'),
      orNothing(readdir(`${sys}/block`)),
      orNothing(readdir(proc)),
    ]);
  const rooms = await Promise.all(
    parseMounts(mounts ?? '')
      .slice(0, maxMounts)
      .map(roomOf),
  );
  return {
    stat,
    load,
    meminfo,
    uptime,
    diskstats,
    netDev,
    disks,
    processes: entries?.filter((name) => /^\d+$/.test(name)).length,
    rooms: rooms.filter((room) => room !== undefined),
  };
}

const maxMounts = 64;

async function roomOf(mount: Mount): Promise<Room | undefined> {
  const found = await orNothing(statfs(mount.mountpoint));
  if (found === undefined || found.blocks === 0) return undefined;
  const { bsize, blocks, bavail, bfree } = found;
  return { ...mount, total: blocks * bsize, available: bavail * bsize, free: bfree * bsize };
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch {
    return undefined;
  }
}
