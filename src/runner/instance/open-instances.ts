import { runnerErrors } from '../errors.ts';
import type { InstanceEvent, InstanceState, InstanceWish, Instances, Place } from './instance.ts';
import { nothingYet, SlotFiles } from './slot-files.ts';
import { locked } from './slot-lock.ts';
import {
  endProcesses,
  eventOf,
  type Keeping,
  newFile,
  sameWish,
  standing,
  startProcess,
  stateOf,
} from './slot.ts';

/** How long what another wish left in a place may take to end, ms, where that wish did not say. */
const replacedGrace = 10_000;

/** What `openInstances` needs. */
export interface InstancesOptions {
  /** The runner's folder; instances are kept in its `instances/`. */
  readonly home: string;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onEvent: (event: InstanceEvent) => void;
}

/**
 * The instances of a machine by the files below `HOME/instances/APP@ENVIRONMENT/`: `SLOT.json` what is
 * wished, `SLOT.process` what became of it, `SLOT.kept` what was there before, `SLOT.log` and
 * `SLOT.log.1` what it writes. A wish is on disk before anything is done for it, so whoever is killed
 * in between leaves work that a supervisor finishes.
 */
export function openInstances({ home, now, onEvent }: InstancesOptions): Instances {
  const files = new SlotFiles(home);
  const keeping: Keeping = { files, now, onEvent };
  const alone = async <T>(place: Place, act: () => Promise<T>): Promise<T> =>
    locked(files.path(place), act);
  return {
    list: async (app, environment) => {
      const places = (await files.places()).filter(
        (p) =>
          (app === undefined || p.app === app) &&
          (environment === undefined || p.environment === environment),
      );
      const all = await Promise.all(places.map(async (place) => standing(files, place)));
      return all.flatMap((one) => (one ? [stateOf(one)] : []));
    },
    start: async (wish) => alone(wish, async () => startWish(keeping, { ...wish, wanted: 'up' })),
    stop: async (wish, graceMs) => alone(wish, async () => stopPlace(keeping, wish, graceMs)),
    expire: async (wish, ms) =>
      alone(wish, async () => {
        const file = await files.wish(wish);
        if (file) await files.writeWish({ ...file, until: now() + ms });
      }),
    forget: async (wish) =>
      alone(wish, async () => {
        const now_ = await standing(files, wish);
        if (now_ && (now_.alive || now_.file.wish.wanted === 'up'))
          throw runnerErrors('INSTANCE', `${wish.slot} of ${wish.app} is up; stop it first`);
        await files.remove(wish);
      }),
    keep: async (place) =>
      alone(place, async () => files.writeKept(place, (await files.wish(place))?.wish)),
    kept: async (place) => files.kept(place),
  };
}

async function startWish(keeping: Keeping, wish: InstanceWish): Promise<InstanceState> {
  const { files, now, onEvent } = keeping;
  const before = await standing(files, wish);
  // One that is wished down may have its TERM already, whoever was to wait for its end.
  const stays = before?.file.wish.wanted === 'up' && sameWish(before.file.wish, wish);
  if (before?.alive && stays) {
    const file = { ...before.file, wish, until: null };
    if (JSON.stringify(file) !== JSON.stringify(before.file)) await files.writeWish(file);
    if (!before.process.process)
      await files.writeProcess(wish, { ...before.process, process: before.alive, since: now() });
    return stateOf({ ...before, file });
  }
  if (before) await clear(keeping, before);
  const file = newFile(wish);
  await files.writeWish(file);
  const process = await startProcess(keeping, file, nothingYet(file.cookie));
  const pid = process.process?.pid;
  onEvent(eventOf(wish, 'started', { at: now(), pid, text: `started on port ${wish.port}` }));
  return stateOf({ file, process, alive: process.process ?? undefined });
}

/** Ends what another wish has in the place; killed meanwhile, it is wished down and stays so. */
async function clear(
  keeping: Keeping,
  before: NonNullable<Awaited<ReturnType<typeof standing>>>,
): Promise<void> {
  const graceMs = before.file.graceMs || replacedGrace;
  const file = { ...before.file, wish: { ...before.file.wish, wanted: 'down' as const }, graceMs };
  if (before.alive) await keeping.files.writeWish(file);
  await endProcesses(keeping, { ...before, file }, before.alive ? graceMs : 0);
}

/** Whatever runs in the place of the wish, by this wish or another. */
export async function stopPlace(keeping: Keeping, wish: Place, graceMs: number): Promise<void> {
  const { files, now, onEvent } = keeping;
  const before = await standing(files, wish);
  if (!before) return;
  const down: InstanceWish = { ...before.file.wish, wanted: 'down' };
  const file = { ...before.file, wish: down, graceMs, until: null };
  await files.writeWish(file);
  await endProcesses(keeping, { ...before, file }, graceMs);
  if (before.alive)
    onEvent(
      eventOf(down, 'stopped', { at: now(), pid: before.alive.pid, text: 'stopped as wished' }),
    );
}
