import type { HistoryCounters, HistoryStat } from '../../history/history.ts';
import type { IntakeCounters } from '../../intake/intake.ts';
import type { StreamName } from '../../event/event.ts';
import type { Log, LogCounters, StreamStat } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/schema.ts';
import type { Tail } from '../tail/tail.ts';
import type { WebhookCounts } from '../webhooks/book.ts';
import type { AlertingCounts } from './alerting.ts';
import type { ChecksCounts } from './checks.ts';
import type { DemoCounts } from './demo.ts';
import type { DeploysCounts } from './deploys.ts';
import type { GatesCounts } from './gates.ts';
import type { Disk, Memory } from './machine.ts';
import type { RedirectsCounts } from './redirects.ts';
import type { RulesCounts } from './rules.ts';
import type { MapCounts } from './map.ts';
import type { ThreadsCounts } from './threads.ts';
import type { ArtefactsCounts } from './artefacts.ts';
import type { BuildsCounts } from './builds.ts';
import type { WhereCounts } from './where.ts';

export type HistoryState = 'off' | 'starting' | 'running' | 'restarting' | 'stopped';

/** How far history is behind one stream. */
export interface Lag {
  readonly events: number;
  readonly ms: number;
}

/** What the parts say of themselves; made by the composition root. */
export interface Sources {
  readonly config: Config;
  readonly version: string;
  /** ms since the epoch. */
  readonly started: number;
  readonly now: () => number;
  readonly log: Log;
  readonly intakes: () => readonly IntakeCounters[];
  /** Bytes of bodies in memory. */
  readonly inFlight: () => number;
  /** Of the listeners with ports of their own, and of who was heard by any intake. */
  readonly senders: () => {
    readonly pendingBytes: number;
    /** Of the protocol that has most. */
    readonly connections: number;
    readonly held: number;
    readonly forgotten: number;
  };
  readonly tail: Tail;
  readonly accounts: Accounts;
  /** Undefined while nothing follows the log. */
  readonly lag: () => Readonly<Record<StreamName, Lag>> | undefined;
  readonly overflows: () => Readonly<Record<string, number>>;
  readonly historyState: () => HistoryState;
  readonly historyCounters: () => HistoryCounters | undefined;
  readonly historyMemory: () => number | undefined;
  readonly historyStat: () => Promise<HistoryStat | undefined>;
  /** Events that left the log before history had them, because the disk was nearly full. */
  readonly trimmedUnread: () => number;
  /** Undefined while the room of alerts still reads its facts. */
  readonly alerting: () => AlertingCounts | undefined;
  /** Undefined while no rules run. */
  readonly rules: () => RulesCounts | undefined;
  readonly threads: () => ThreadsCounts;
  readonly map: () => MapCounts;
  readonly where: () => WhereCounts;
  readonly builds: () => BuildsCounts;
  readonly checks: () => ChecksCounts;
  /** Undefined while the room of gates still reads its facts. */
  readonly gates: () => GatesCounts | undefined;
  /** The same. */
  readonly redirects: () => RedirectsCounts | undefined;
  readonly demo: () => DemoCounts | undefined;
  readonly artefacts: () => ArtefactsCounts;
  /** Undefined while the room of deploys still reads its facts. */
  readonly deploys: () => DeploysCounts | undefined;
  readonly webhooks: () => WebhookCounts;
  readonly memory: () => Memory;
  readonly disk: () => Promise<Disk>;
  /** ms */
  readonly loopDelay: () => { readonly p99: number; readonly max: number };
}

/** All of it at one moment. */
export interface Snapshot {
  readonly now: number;
  readonly streams: readonly (StreamStat & {
    readonly stream: StreamName;
    readonly lag: Lag | undefined;
  })[];
  readonly log: LogCounters;
  readonly intakes: readonly IntakeCounters[];
  readonly inFlight: number;
  readonly history: {
    readonly state: HistoryState;
    readonly stat: HistoryStat | undefined;
    readonly counters: HistoryCounters | undefined;
    readonly memory: number | undefined;
  };
  readonly overflows: Readonly<Record<string, number>>;
  readonly trimmedUnread: number;
  readonly memory: Memory;
  readonly disk: Disk;
  readonly loopDelay: { readonly p99: number; readonly max: number };
}

export async function snapshot(sources: Sources): Promise<Snapshot> {
  const { log } = sources;
  const lag = sources.lag();
  const stream = (name: StreamName) => ({ stream: name, lag: lag?.[name], ...log.stat(name) });
  return {
    now: sources.now(),
    streams: [stream('facts'), stream('readings')],
    log: log.counters(),
    intakes: sources.intakes(),
    inFlight: sources.inFlight(),
    history: {
      state: sources.historyState(),
      stat: await sources.historyStat(),
      counters: sources.historyCounters(),
      memory: sources.historyMemory(),
    },
    overflows: sources.overflows(),
    trimmedUnread: sources.trimmedUnread(),
    memory: sources.memory(),
    disk: await sources.disk(),
    loopDelay: sources.loopDelay(),
  };
}
