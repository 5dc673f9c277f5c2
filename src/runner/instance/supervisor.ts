import { bootId } from '../job/processes.ts';
import type { InstanceEvent, Place } from './instance.ts';
import { type InstancesOptions, stopPlace } from './open-instances.ts';
import { type Pace, pace as usualPace, afterDeath, afterGoodTime } from './pace.ts';
import { nothingYet, type ProcessFile, SlotFiles } from './slot-files.ts';
import { tryLocked } from './slot-lock.ts';
import { boundLog } from './slot-log.ts';
import {
  endProcesses,
  eventOf,
  type Keeping,
  type Standing,
  standing,
  startProcess,
} from './slot.ts';

/** What a supervisor needs beside what instances need. */
export interface SupervisorOptions extends InstancesOptions {
  /** 0 up to 1, for the jitter of its waits. */
  readonly random: () => number;
  /** How fast it does what; see `Pace`. */
  readonly pace?: Partial<Pace>;
  /**
   * Asked before an old instance is stopped whose time is over: whether customers are sent to it, by
   * hand for example. Then it stays. Nobody asked: it is stopped.
   */
  readonly serves?: (place: Place) => Promise<boolean>;
}

/** Keeps what is wished up running. */
export interface Supervisor {
  /** Looks at every place once, now; resolves when what there was to do is done. */
  readonly look: () => Promise<void>;
  /** Ends it; the instances run on. */
  readonly close: () => Promise<void>;
}

/**
 * Adopts what runs, starts again what died (later and later), stops what is wished down or whose time
 * is over, and bounds the logs. Everything that it knows is on disk: killed, the next one goes on,
 * also in the middle of a crash loop. It leaves alone a place at which a deploy is at work.
 */
export function superviseInstances(options: SupervisorOptions): Supervisor {
  const { home, now, onEvent, random } = options;
  const files = new SlotFiles(home);
  const supervising: Supervising = {
    files,
    now,
    onEvent,
    random,
    pace: { ...usualPace, ...options.pace },
    serves: options.serves,
    seen: new Map(),
  };
  const busy = new Set<Promise<void>>();
  const look = async (): Promise<void> => {
    const places = await files.places();
    const looks = places.map(async (place) => lookAt(supervising, place));
    // A stop takes its time, and the next look does not wait for it.
    for (const one of looks) {
      busy.add(one);
      void one.finally(() => busy.delete(one));
    }
    await Promise.all(looks);
  };
  const timer = setInterval(() => {
    const round = look().catch((error: unknown) => onEvent(unreadable(now(), error)));
    busy.add(round);
    void round.finally(() => busy.delete(round));
  }, supervising.pace.every);
  return {
    look,
    close: async () => {
      clearInterval(timer);
      await Promise.all(busy);
    },
  };
}

interface Supervising extends Keeping {
  readonly random: () => number;
  readonly pace: Pace;
  readonly serves: SupervisorOptions['serves'];
  /** What was told of a place: the pid that was adopted or started, or what is wrong with it. */
  readonly seen: Map<string, number | string>;
}

/** Never rejects: what is wrong with one place is told once, and is not in the way of the others. */
async function lookAt(supervising: Supervising, place: Place): Promise<void> {
  const key = `${place.app}@${place.environment}/${place.slot}`;
  try {
    await tryLocked(supervising.files.path(place), async () => {
      const found = await standing(supervising.files, place);
      if (found) await tend(supervising, found);
      else supervising.seen.delete(key);
    });
  } catch (error) {
    const text = (error as Error).message;
    if (supervising.seen.get(key) === text) return;
    supervising.seen.set(key, text);
    const event = { ...unreadable(supervising.now(), error), ...place };
    supervising.onEvent(event);
  }
}

const unreadable = (at: number, error: unknown): InstanceEvent => ({
  kind: 'unusable',
  at,
  app: '',
  environment: '',
  slot: '',
  version: null,
  pid: null,
  text: (error as Error).message,
});

async function tend(supervising: Supervising, found: Standing): Promise<void> {
  const { file, process, alive } = found;
  if (file.wish.wanted === 'down') {
    // Somebody was killed while stopping it.
    if (alive || process.process) await stopPlace(supervising, file.wish, file.graceMs);
    return;
  }
  await boundLog(`${supervising.files.path(file.wish)}.log`);
  if (file.until !== null && file.until <= supervising.now()) {
    if (await expired(supervising, found)) return;
  }
  await (alive ? isUp(supervising, found) : isDown(supervising, found));
}

/** Stops and forgets an old instance, unless customers are sent to it. */
async function expired(supervising: Supervising, { file }: Standing): Promise<boolean> {
  const { files, serves, now, onEvent } = supervising;
  if ((await serves?.(file.wish)) === true) {
    await files.writeWish({ ...file, until: null });
    const text = 'its time is over, but customers are sent to it: it stays';
    onEvent(eventOf(file.wish, 'expired', { at: now(), text }));
    return false;
  }
  await stopPlace(supervising, file.wish, file.graceMs || expiredGrace);
  await files.remove(file.wish);
  const text = 'it was kept for the way back, and its time is over';
  onEvent(eventOf(file.wish, 'expired', { at: now(), text }));
  return true;
}
/** ms */
const expiredGrace = 10_000;

async function isUp(supervising: Supervising, { file, process, alive }: Standing): Promise<void> {
  const { files, now, onEvent, pace, seen } = supervising;
  const { wish } = file;
  if (!alive) return;
  const key = `${wish.app}@${wish.environment}/${wish.slot}`;
  if (!process.process)
    await files.writeProcess(wish, { ...process, process: alive, since: now() });
  if (seen.get(key) !== alive.pid) {
    seen.set(key, alive.pid);
    const text = `runs as process ${alive.pid}`;
    onEvent(eventOf(wish, 'adopted', { at: now(), pid: alive.pid, text }));
  }
  const better = afterGoodTime(process, now(), pace);
  if (!better || !process.process) return;
  await files.writeProcess(wish, better);
  if (process.looping)
    onEvent(eventOf(wish, 'recovered', { at: now(), pid: alive.pid, text: 'it stays up again' }));
}

async function isDown(supervising: Supervising, found: Standing): Promise<void> {
  const { now } = supervising;
  if (found.process.process?.boot === bootId()) await noteDeath(supervising, found);
  // Of another boot, or never started: that is nobody's fault, and it is not waited.
  else if (now() >= found.process.next) await startAgain(supervising, found);
}

async function noteDeath(supervising: Supervising, { file, process }: Standing): Promise<void> {
  const { files, now, onEvent, pace, random } = supervising;
  const at = now();
  const after = afterDeath({ ...process, process: null }, { at, random: random(), pace });
  await files.writeProcess(file.wish, after);
  const wait = Math.round((after.next - at) / 100) / 10;
  const pid = process.process?.pid;
  onEvent(
    eventOf(file.wish, 'died', { at, pid, text: `process ${pid} ended; next try in ${wait} s` }),
  );
  if (!after.looping || process.looping) return;
  const text = `it died ${pace.deaths} times within ${pace.within / 1000} s; it is tried on, slowly`;
  onEvent(eventOf(file.wish, 'crash-loop', { at, pid, text }));
}

async function startAgain(supervising: Supervising, found: Standing): Promise<void> {
  const { now, onEvent, seen, pace, random } = supervising;
  const { wish, cookie } = found.file;
  const before: ProcessFile = { ...nothingYet(cookie), ...found.process, process: null };
  // Children of the one that died may still hold its port.
  await endProcesses(supervising, found, 0);
  try {
    const started = { ...before, restarts: before.restarts + 1 };
    const { process } = await startProcess(supervising, found.file, started);
    if (!process) return;
    seen.set(`${wish.app}@${wish.environment}/${wish.slot}`, process.pid);
    const text = `started again on port ${wish.port}`;
    onEvent(eventOf(wish, 'started', { at: now(), pid: process.pid, text }));
  } catch (error) {
    // Nothing that was started has died, but to try each time that it is looked would be as bad.
    const { next, inARow } = afterDeath(before, { at: now(), random: random(), pace });
    await supervising.files.writeProcess(wish, { ...before, next, inARow });
    throw error;
  }
}
