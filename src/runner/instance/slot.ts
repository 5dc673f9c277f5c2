import { randomUUID } from 'node:crypto';
import { runnerErrors } from '../errors.ts';
import { lives } from '../job/processes.ts';
import type { InstanceEvent, InstanceState, InstanceWish, Place, ProcessMark } from './instance.ts';
import { nothingYet, type ProcessFile, type SlotFiles, type WishFile } from './slot-files.ts';
import { end, leaderOf } from './slot-processes.ts';
import { spawnWish } from './spawning.ts';

/** What instances are kept with. */
export interface Keeping {
  readonly files: SlotFiles;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onEvent: (event: InstanceEvent) => void;
}

/** What is on disk of one place, and what of it lives. */
export interface Standing {
  readonly file: WishFile;
  readonly process: ProcessFile;
  /** Its first process, when it lives. */
  readonly alive: ProcessMark | undefined;
}

/** Looks at one place; undefined when it has no wish. */
export async function standing(files: SlotFiles, place: Place): Promise<Standing | undefined> {
  const file = await files.wish(place);
  if (!file) return undefined;
  const noted = await files.process(place, file.cookie);
  const process = noted ?? nothingYet(file.cookie);
  const mark = process.process;
  if (mark) return { file, process, alive: lives(mark) ? mark : undefined };
  // Who started it may have been killed before it could note its pid. What was stopped is noted.
  const mayRun = file.wish.wanted === 'up' || noted === undefined;
  return { file, process, alive: mayRun ? leaderOf(file.cookie) : undefined };
}

/** How people see it. */
export function stateOf({ file, process, alive }: Standing): InstanceState {
  const wished = file.wish.wanted === 'up';
  return {
    wish: file.wish,
    state: alive
      ? process.looping && wished
        ? 'crash-loop'
        : 'up'
      : !wished
        ? 'down'
        : process.looping
          ? 'crash-loop'
          : 'starting',
    process: alive,
    restarts: process.restarts,
  };
}

/** Starts the process of a wish that is on disk, and notes it. To be called under the place's lock. */
export async function startProcess(
  keeping: Keeping,
  file: WishFile,
  before: ProcessFile,
): Promise<ProcessFile> {
  const { files, now } = keeping;
  const { wish, cookie } = file;
  const at = now();
  const mark = await spawnWish(wish, { cookie, log: `${files.path(wish)}.log`, at });
  const process = { ...before, process: mark, since: at };
  await files.writeProcess(wish, process);
  return process;
}

/** Ends all processes of a place. To be called under its lock. */
export async function endProcesses(
  { files }: Keeping,
  { file, process, alive }: Standing,
  graceMs: number,
): Promise<void> {
  const left = await end(file.cookie, alive ?? process.process ?? undefined, graceMs);
  const { app, environment, slot } = file.wish;
  if (left.length > 0)
    throw runnerErrors(
      'INSTANCE',
      `${app}@${environment}/${slot}: ${left.join(', ')} is still there after it was killed`,
    );
  await files.writeProcess(file.wish, { ...process, process: null });
}

/** A wish as it is written for the first time: its processes get a cookie of their own. */
export const newFile = (wish: InstanceWish): WishFile => ({
  schema: 'territory.instance/1',
  wish,
  cookie: `${wish.app}@${wish.environment}/${wish.slot}:${randomUUID()}`,
  graceMs: 0,
  until: null,
});

/** Whether what runs by one wish is what another asks for. */
export function sameWish(a: InstanceWish, b: InstanceWish): boolean {
  const of = (wish: InstanceWish): string =>
    JSON.stringify([
      Object.entries({ ...wish, ready: wish.ready ?? null, wanted: null, env: null }).toSorted(
        byName,
      ),
      Object.entries(wish.env).toSorted(byName),
    ]);
  return of(a) === of(b);
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

/** An event of one instance. */
export function eventOf(
  wish: InstanceWish,
  kind: InstanceEvent['kind'],
  more: { readonly at: number; readonly text: string; readonly pid?: number | undefined },
): InstanceEvent {
  const { app, environment, slot, version } = wish;
  const { at, text, pid = null } = more;
  return { kind, at, app, environment, slot, version, pid, text };
}
