import type { StreamName } from '../../event/event.ts';
import type { History } from '../../history/history.ts';
import type { Log } from '../../log/log.ts';
import type { Config } from '../config/schema.ts';
import type { Lag } from '../introspection/state.ts';
import type { LiveView } from '../parts.ts';

/** Who follows the log: feeds history and keeps the catalogue and the latest events. */
export interface Following extends LiveView {
  readonly lag: () => Readonly<Record<StreamName, Lag>>;
  /** How often a bound of the catalogue was hit, by kind. */
  readonly overflows: () => Readonly<Record<string, number>>;
  /** First reading that history has not taken; undefined when it takes none. */
  readonly unread: () => number | undefined;
  readonly state: () => 'ok' | 'restarting' | 'stopped';
  /** History is there from now on. */
  readonly feed: (history: History) => void;
  readonly close: () => Promise<void>;
}

/** Starts to follow the log. */
export async function follow(
  config: Config,
  log: Log,
  history: unknown,
  onError: (error: unknown) => void,
): Promise<Following> {
  void [config, log, history, onError];
  const none: Lag = { events: 0, ms: 0 };
  const kind = { entries: [], overflowed: false };
  return {
    catalogue: async () => ({
      kinds: {
        source: kind,
        type: kind,
        service: kind,
        host: kind,
        environment: kind,
        name: kind,
        label: kind,
      },
    }),
    latest: async () => ({ entries: [], overflowed: false }),
    lag: () => ({ facts: none, readings: none }),
    overflows: () => ({}),
    unread: () => undefined,
    state: () => 'ok',
    feed: () => undefined,
    close: async () => undefined,
  };
}
