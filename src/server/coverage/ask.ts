import type { StreamName } from '../../event/event.ts';
import { parseWhere } from '../../event/where/parse.ts';
import type { Lag } from '../introspection/state.ts';
import type { HistoryDesk } from '../parts.ts';
import { type Coverage, type Heard, type Listening, coverageOf } from './coverage.ts';

/** Whether a time was listened to without a gap. */
export type AskCoverage = (
  asked: Listening & {
    /** Whose voice it is, in the query language of events. */
    readonly where: string;
  },
  signal?: AbortSignal,
) => Promise<Coverage>;

interface Sources {
  readonly history: Pick<HistoryDesk, 'ask'>;
  /** Clock of the stream, ms since the epoch, UTC. */
  readonly now: () => number;
  /** How far history is behind the log; undefined: nothing follows it. */
  readonly lag: () => Readonly<Record<StreamName, Pick<Lag, 'ms'>>> | undefined;
}

const hour = 3_600_000;
const day = 24 * hour;
const bucketsOfAll = 720;

/**
 * Makes the one primitive by which silence is told from deafness. What it answers throws
 * TERR_WHERE_…, TERR_API_NO_HISTORY, TERR_HISTORY_….
 */
export function askCoverage({ history, now, lag }: Sources): AskCoverage {
  return async ({ where, ...listening }, signal) => {
    const { from, to } = listening;
    const since = from - Math.min(Math.max(to - from, hour), 7 * day);
    const bucketMs = Math.max(1000, Math.ceil((to - since) / bucketsOfAll / 1000) * 1000);
    const query = {
      where: parseWhere(where),
      aggregate: 'count' as const,
      by: [],
      top: 1,
      every: bucketMs,
      from: since,
      to,
    };
    const at = now();
    const known = lag();
    const watermark = known ? at - Math.max(known.facts.ms, known.readings.ms) : 0;
    const heard = await history.ask(async (asked, limits): Promise<Heard> => {
      const [{ series }, { oldest }] = await Promise.all([
        asked.series(query, limits),
        asked.stat(),
      ]);
      const points = series[0]?.points ?? [];
      const buckets = points.flatMap(([start, count]) => ((count ?? 0) > 0 ? [start] : []));
      return { buckets, bucketMs, since, oldest, watermark };
    }, signal);
    return coverageOf(listening, heard);
  };
}
