import type { IntakeCounters } from '../../intake/intake.ts';
import type { Itself } from '../api/contract.ts';
import { limitsOf } from './limits.ts';
import { type HistoryState, type Snapshot, type Sources, snapshot } from './state.ts';

/** The answer of GET /api/v1/itself. */
export async function itself(sources: Sources): Promise<Itself> {
  const at = await snapshot(sources);
  const { tail, config } = sources;
  const { p50, p99, max } = at.log.appendLatency;
  return {
    version: sources.version,
    commit: process.env['TERRITORY_COMMIT'] ?? null,
    node: process.version,
    started: sources.started,
    now: at.now,
    streams: at.streams.map(({ lag, oldest = null, ...rest }) => ({
      ...rest,
      oldest,
      historyLagEvents: lag?.events ?? null,
      historyLagMs: lag?.ms ?? null,
    })),
    history: historyOf(at),
    // Of twenty ways in a machine uses a few; `GET /api/v1/intakes` has all of them.
    intakes: at.intakes.filter(isUsed),
    append: { pendingBytes: at.log.pendingBytes, p50Ms: p50, p99Ms: p99, maxMs: max },
    tail: {
      clients: tail.clients,
      maxClients: config.tail.maxClients,
      sent: tail.counters.sent,
      skipped: tail.counters.skipped,
    },
    limits: limitsOf(at, sources),
    memory: { ...at.memory, historyAnonymousBytes: at.history.memory ?? null },
    disk: at.disk,
  };
}

function isUsed({ protocol, accepted, refused }: IntakeCounters): boolean {
  return protocol === 'http' || accepted > 0 || refused > 0;
}

const empty = { rows: 0, bytes: 0, oldest: undefined, parts: 0, merging: 0 };

function historyOf({ history }: Snapshot): Itself['history'] {
  const { state, stat = empty, counters } = history;
  const { rows, bytes, oldest = null, parts, merging } = stat;
  const { restarts = 0, slow = [] } = counters ?? {};
  return { state: shown[state], rows, bytes, oldest, parts, merging, restarts, slow: [...slow] };
}

const shown: Readonly<Record<HistoryState, Itself['history']['state']>> = {
  off: 'stopped',
  stopped: 'stopped',
  starting: 'restarting',
  restarting: 'restarting',
  running: 'running',
};
