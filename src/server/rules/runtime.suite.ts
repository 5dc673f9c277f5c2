import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDrafts, decodeBatch } from '../../event/codec.ts';
import type { Draft, Event } from '../../event/event.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../log/log.ts';
import type { OutwardDecision } from './running/messages.ts';
import { type Folder, ruleFolder } from './loading/rule-files.suite.ts';
import { RulesRuntime, type RulesLimits } from './runtime.ts';

/** Rules that run over a log of their own. */
export interface RunningRules {
  readonly folder: Folder;
  readonly log: Log;
  readonly runtime: () => RulesRuntime;
  readonly outward: OutwardDecision[];
  readonly gone: string[];
  readonly errors: unknown[];
  readonly send: (...drafts: readonly Partial<Draft>[]) => Promise<void>;
  /** All events of rules and about them on the log, in order, facts first. */
  readonly fromRules: () => Promise<readonly Event[]>;
  /** Stops the rules, and starts them again on the same log. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const limits: RulesLimits = {
  memory: 256 * 2 ** 20,
  turnTime: 2_000,
  checkpoint: 30_000,
};

export async function runRules(
  files: Readonly<Record<string, string>>,
  changed: Partial<RulesLimits> = {},
): Promise<RunningRules> {
  const folder = ruleFolder(files);
  const logDir = join(folder.path, '../log');
  mkdirSync(logDir);
  const log = await openLmdbLog({ dir: logDir, role: 'writer', now: Date.now });
  const outward: OutwardDecision[] = [];
  const gone: string[] = [];
  const errors: unknown[] = [];
  const start = (): RulesRuntime => {
    const runtime = new RulesRuntime({
      log,
      logDir,
      directory: folder.path,
      stateDir: join(folder.path, '../rules-state'),
      limits: { ...limits, ...changed },
      sink: {
        decided: async (decisions) => void outward.push(...decisions),
        gone: async (rules) => void gone.push(...rules),
        restarted: () => undefined,
      },
      now: Date.now,
      onError: (error) => errors.push(error),
    });
    runtime.start();
    return runtime;
  };
  let runtime = start();
  return {
    folder,
    log,
    runtime: () => runtime,
    outward,
    gone,
    errors,
    send: (...drafts) => append(log, drafts),
    fromRules: () => fromRules(log),
    restart: async () => {
      await runtime.stop();
      runtime = start();
    },
    stop: async () => {
      await runtime.stop();
      await log.close();
      folder.remove();
    },
  };
}

/** Sends events; readings of the type `metric` where it is not said. */
async function append(log: Log, drafts: readonly Partial<Draft>[]): Promise<void> {
  const whole = drafts.map((draft) => ({ type: 'metric', time: Date.now(), ...draft }));
  const { facts, readings } = encodeDrafts(whole, 'test');
  await Promise.all([
    facts && log.append('facts', facts),
    readings && log.append('readings', readings),
  ]);
}

async function fromRules(log: Log): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (const stream of ['facts', 'readings'] as const)
    for await (const batch of log.read(stream, 1)) events.push(...decodeBatch(batch));
  return events.filter(({ source }) => source === 'territory/rules');
}
