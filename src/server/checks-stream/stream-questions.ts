import { parseWhere } from '../../event/where/parse.ts';
import { Unknown } from '../../checks/run/failed.ts';
import type { StreamQuestions, StreamWindow } from '../../checks/run/ports.ts';
import { previousOf, standingOf } from '../../rooms/where/fold.ts';
import type { AskCoverage } from '../coverage/ask.ts';
import type { HistoryDesk } from '../parts.ts';
import { accessSeen } from '../redirects/access.ts';
import type { LaneKnown } from '../where/runtime.ts';

interface Sources {
  /** What comes from elsewhere is left out; what names no environment is not. Empty: of any. */
  readonly environment: string;
  readonly history: Pick<HistoryDesk, 'ask'>;
  readonly coverage: AskCoverage;
  readonly lanes: () => Promise<readonly LaneKnown[]>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
}

/** Asks history for what steps say of events. */
export function streamQuestions(sources: Sources): StreamQuestions {
  const { environment, history, coverage, lanes, now } = sources;
  const scoped = (where: string): string =>
    environment === ''
      ? where
      : `(${where}) and (environment = nil or environment = ${JSON.stringify(environment)})`;
  const queryOf = ({ where, from, to }: StreamWindow) => ({
    where: parseWhere(scoped(where)),
    from,
    to,
  });
  return {
    now,
    value: (window, aggregate, signal) =>
      answered(async () =>
        history.ask(async (asked, limits) => {
          const query = { ...queryOf(window), aggregate, by: [], top: 1 };
          const { total, matched } = await asked.series(query, limits);
          return { value: total ?? undefined, samples: matched };
        }, signal),
      ),
    unit: (window, signal) =>
      answered(async () =>
        history.ask(async (asked, limits) => {
          const query = { ...queryOf(window), aggregate: 'count' as const, by: ['unit'], top: 2 };
          const { series } = await asked.series(query, limits);
          const [only, other] = series.map(({ labels }) => labels['unit']);
          return other === undefined && only !== '' ? only : undefined;
        }, signal),
      ),
    values: (window, limit, signal) =>
      answered(async () =>
        history.ask(async (asked, limits) => {
          const query = { ...queryOf(window), order: 'newest' as const, limit };
          const { events } = await asked.events(query, limits);
          return events.flatMap(({ metric }) => (metric === undefined ? [] : [metric]));
        }, signal),
      ),
    coverage: ({ where, from, to }, signal) =>
      answered(async () => {
        const { isComplete, why } = await coverage({ where: scoped(where), from, to }, signal);
        return why === undefined ? { isComplete } : { isComplete, why };
      }),
    accessed: (from, to, signal) =>
      answered(async () => accessSeen({ history, coverage }, { from, to }, { scoped, signal })),
    deploys: (application) =>
      answered(async () => {
        const all = await lanes();
        const lane = all.find(
          (one) =>
            one.app === application && (environment === '' || one.environment === environment),
        );
        const deploys = lane?.deploys ?? [];
        return [standingOf(deploys), previousOf(deploys)].flatMap((standing) => {
          const version = standing?.deploy.version;
          return version === undefined ? [] : [{ version, at: standing?.since ?? 0 }];
        });
      }),
  };
}

/** What can not be asked is not known. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new Unknown(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
