import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckSettings } from '../../checks/settings/settings.ts';
import { loadCheckSettings, placesOf } from '../../checks/settings/surroundings.ts';
import type { StreamName } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { maxMaps } from '../../rooms/redirects/state.ts';
import type { Config } from '../config/schema.ts';
import { askCoverage } from '../coverage/ask.ts';
import type { RedirectsCounts } from '../introspection/redirects.ts';
import type { HistoryDesk } from '../parts.ts';
import { type Environments, RedirectsDesk, maxAllBytes, maxVerifying } from '../redirects/desk.ts';
import type { UsageSources } from '../redirects/usage.ts';

interface RedirectsPartOptions {
  readonly config: Config;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly history: Pick<HistoryDesk, 'ask'>;
  /** How far history is behind each stream of the log. */
  readonly lag: () => Readonly<Record<StreamName, { readonly ms: number }>> | undefined;
  readonly onProblem: (error: unknown) => void;
}

/** Redirect maps: kept, verified, and compared with what is asked for. */
export class RedirectsPart {
  readonly desk: RedirectsDesk;
  readonly usage: UsageSources;

  constructor({ config, log, now, history, lag, onProblem }: RedirectsPartOptions) {
    const { data, checks } = config;
    this.usage = { history, now, coverage: askCoverage({ history, now, lag }) };
    this.desk = new RedirectsDesk({
      log,
      now,
      onProblem,
      dir: join(data, 'redirects'),
      reserve: config.log.reserve,
      environments: environmentsOf(join(checks.folder ?? join(data, 'checks'), 'checks.yaml')),
    });
  }

  /** Begins to read the facts; the room answers once it has them. */
  start(): void {
    this.desk.start();
  }

  /** For the page about Territory itself; undefined until the facts are read. */
  readonly counts = (): RedirectsCounts | undefined => {
    const { keeper, counters, verifying } = this.desk;
    if (!keeper.ready) return undefined;
    const maps = [...keeper.state.maps.values()];
    return {
      ...counters,
      maps: maps.length,
      maxMaps,
      bytes: maps.reduce((sum, map) => sum + map.bytes, 0),
      maxBytes: maxAllBytes,
      wrong: maps.reduce((sum, map) => sum + (map.verified?.wrong ?? 0), 0),
      verifying,
      maxVerifying,
    };
  };

  /** Before the log is closed. */
  async close(): Promise<void> {
    await this.desk.close();
  }
}

/** Environments as checks.yaml has them when they are asked for. */
function environmentsOf(file: string): Environments {
  const settings = async (): Promise<CheckSettings['environments']> =>
    existsSync(file) ? (await loadCheckSettings(file)).environments : [];
  return {
    names: async () => (await settings()).map(({ name }) => name),
    named: async (name) => {
      const found = (await settings()).find((one) => one.name === name);
      if (!found) return undefined;
      const { base, allow } = found;
      return { base, allowed: [...allow, ...(base === undefined ? [] : placesOf(base))] };
    },
  };
}
