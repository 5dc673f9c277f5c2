import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OsSeen } from '../../rooms/where/evidence/evidence.ts';
import type { InstanceState } from '../instance/instance.ts';
import { lives } from '../job/processes.ts';
import type { Listening, ListenerFinder } from './listeners.ts';
import { type ProcessSeen, descendsFrom, environmentOf, seeProcess } from './process.ts';

/** The variable by which everything that an instance started is found (see ../instance). */
const cookieName = 'TERRITORY_TASK';
/** A release.json is not larger than this, bytes; what is, is none of ours. */
const maxRelease = 32 * 1024 * 1024;

interface OsGround {
  readonly app: string;
  readonly instances: readonly InstanceState[];
  readonly ports: ReadonlySet<number>;
}

/** O: who listens on each of the ports, from which folder, and whether the runner started it. */
export async function seeListeners(
  { app, instances, ports }: OsGround,
  finder: ListenerFinder,
  signal: AbortSignal,
): Promise<OsSeen[]> {
  const likely = instances.flatMap(({ process }) => (process ? [process.pid] : []));
  const found = await finder.find(ports, likely, signal);
  const seen = found.map((one) => seeOne(one, instances, app));
  const silent = [...ports].filter((port) => found.every((one) => one.port !== port));
  return [...unlike(seen), ...silent.map((port) => nobody(port, instances))].toSorted(
    (a, b) => a.port - b.port,
  );
}

/** Several sockets of one process, or of its workers, are one. */
function unlike(seen: readonly OsSeen[]): OsSeen[] {
  const byKind = new Map<string, OsSeen>();
  for (const one of seen) {
    const key = [one.port, one.cwd, one.version, one.ours].join('\0');
    if (!byKind.has(key)) byKind.set(key, one);
  }
  return [...byKind.values()];
}

/** The wish for a port: what is to be up before what was. */
function wishOf(port: number, instances: readonly InstanceState[]): InstanceState | undefined {
  const there = instances.filter(({ wish }) => wish.port === port);
  return there.find(({ wish }) => wish.wanted === 'up') ?? there[0];
}

function nobody(port: number, instances: readonly InstanceState[]): OsSeen {
  const wish = wishOf(port, instances)?.wish;
  return {
    port,
    slot: wish?.slot ?? null,
    pid: null,
    version: null,
    cwd: null,
    gone: false,
    ours: false,
    wanted: wish?.wanted ?? null,
    listening: false,
  };
}

function seeOne(
  { port, pid }: Listening,
  instances: readonly InstanceState[],
  app: string,
): OsSeen {
  const base = { ...nobody(port, instances), listening: true };
  const seen = pid === undefined ? undefined : seeProcess(pid);
  if (!seen) return base;
  const expected = wishOf(port, instances);
  const owner = [expected, ...instances].find((one) => one && isOf(seen, one))?.wish;
  const inside = instances.find(({ wish }) => isInside(seen.cwd, wish.folder));
  return {
    ...base,
    ...ofProcess(seen),
    slot: owner?.slot ?? base.slot,
    version: (inside?.wish ?? owner)?.version ?? versionAt(seen, app),
    gone: seen.deleted || (owner !== undefined && !existsSync(owner.folder)),
    ours: owner !== undefined,
  };
}

const ofProcess = ({ pid, cwd, exe, started }: ProcessSeen) => ({
  pid,
  cwd: cwd ?? null,
  exe: exe ?? null,
  started: Number.isFinite(started) ? Math.round(started) : null,
});

/** The process that the runner started there, one of its children, or what carries its cookie. */
function isOf(seen: ProcessSeen, { process }: InstanceState): boolean {
  // A pid comes again, and is another process then.
  if (!process || !lives(process)) return false;
  if (descendsFrom(seen.pid, process.pid)) return true;
  const cookie = environmentOf(process.pid)?.get(cookieName);
  return cookie !== undefined && environmentOf(seen.pid)?.get(cookieName) === cookie;
}

function isInside(cwd: string | undefined, folder: string): boolean {
  if (cwd === undefined) return false;
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return cwd === real || cwd.startsWith(`${real}/`);
}

/** Of what somebody started by hand in the folder of a release: its release.json stands above. */
function versionAt({ cwd, deleted }: ProcessSeen, app: string): string | null {
  if (cwd === undefined || deleted) return null;
  let folder = cwd;
  for (let up = 0; up < 4 && folder !== '/'; up++) {
    folder = dirname(folder);
    const version = versionIn(join(folder, 'release.json'), app);
    if (version !== undefined) return version;
  }
  return null;
}

function versionIn(file: string, app: string): string | undefined {
  try {
    if (statSync(file).size > maxRelease) return undefined;
    const release = JSON.parse(readFileSync(file, 'utf8')) as { app?: unknown; version?: unknown };
    return release.app === app && typeof release.version === 'string' ? release.version : undefined;
  } catch {
    return undefined;
  }
}
