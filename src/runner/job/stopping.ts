import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessMark } from '../instance/instance.ts';
import {
  type ProcessStat,
  allProcesses,
  bootId,
  hasCookie,
  signalGroup,
  signalOne,
} from './processes.ts';

/** ms that a group has between INT and TERM, and between TERM and KILL. */
const grace = 5_000;
/** ms that the kernel has for those that were killed. */
const lastGrace = 2_000;
/** ms between looks: each reads /proc once. */
const between = 50;

/** Whose processes are to be ended. */
export interface Targets {
  readonly cookie: string;
  /** The job's process, which began a group; `undefined` when it is not known. */
  readonly child: ProcessMark | undefined;
  /** Who minds the job and carries its cookie, and whoever asks: they stay. */
  readonly spared: ReadonlySet<number>;
}

/**
 * Ends a job's processes: INT to its group, 5 s, TERM, 5 s, KILL (background processes of a shell
 * ignore INT), then KILL to whatever carries the cookie and left the group by setsid(2), until there
 * is none. It goes on as soon as nobody is left. Gives the pids that could not be ended.
 */
export async function stopProcesses(targets: Targets): Promise<readonly number[]> {
  const group = new Group(targets);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    if (group.members().length === 0) break;
    if (targets.child !== undefined) signalGroup(targets.child.pid, signal);
    await until(() => group.members().length === 0, signal === 'SIGKILL' ? lastGrace : grace);
  }
  // Each look may find what was forked behind the last one.
  await until(() => {
    const left = carriers(targets);
    for (const stat of left) signalOne(stat, 'SIGKILL');
    return left.length === 0;
  }, lastGrace);
  return [...new Set([...group.members(), ...carriers(targets)].map(({ pid }) => pid))];
}

/** Who carries the cookie of a job, but those that are spared. */
export function carriers({ cookie, spared }: Targets): readonly ProcessStat[] {
  return allProcesses().filter(({ pid }) => !spared.has(pid) && hasCookie(pid, cookie));
}

/**
 * The group of the job's process. When its members are gone its number may come again, so it is
 * ours only while somebody is in it whom we know: the process itself, one with the cookie, or one
 * that was there while we knew another (`env -i` takes the cookie away).
 */
class Group {
  readonly #targets: Targets;
  readonly #known = new Set<string>();

  constructor(targets: Targets) {
    this.#targets = targets;
  }

  members(): readonly ProcessStat[] {
    const { child, cookie, spared } = this.#targets;
    if (child === undefined || child.boot !== bootId()) return [];
    const inside = allProcesses().filter((p) => p.group === child.pid && !spared.has(p.pid));
    const ours = inside.some(
      (p) =>
        (p.pid === child.pid && p.startTime === child.startTime) ||
        this.#known.has(`${p.pid} ${p.startTime}`) ||
        hasCookie(p.pid, cookie),
    );
    if (!ours) return [];
    for (const p of inside) this.#known.add(`${p.pid} ${p.startTime}`);
    return inside;
  }
}

async function until(done: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!done() && performance.now() < end) await delay(between);
}
