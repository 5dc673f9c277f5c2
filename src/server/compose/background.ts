import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { encodeDrafts } from '../../event/codec.ts';
import { startHostProbe } from '../../intake/host/host-probe.ts';
import type { Log } from '../../log/log.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config/schema.ts';
import { diskOf } from '../introspection/machine.ts';
import { OwnReadings, ownSource } from '../introspection/own-readings.ts';
import type { FollowerPart } from './follower-part.ts';
import type { HistoryPart } from './history-part.ts';
import { trimReadings } from './retention.ts';
import { rounds } from './rounds.ts';
import type { Self } from './self.ts';

interface BackgroundParts {
  readonly config: Config;
  readonly logger: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly history: HistoryPart;
  readonly follower: FollowerPart;
  readonly self: Self;
}

export interface Background {
  /** Resolves when nothing of it is under way any more. */
  readonly stop: () => Promise<void>;
}

const trimEveryMs = 15_000;
const forgetEveryMs = 600_000;
const flushEveryMs = 60_000;

/** What the server does by itself: own readings, the host probe, retention. */
export function startBackground(parts: BackgroundParts): Background {
  const { config, logger, now, accounts, history, self, log } = parts;
  const failed = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const own = new OwnReadings();
  const all = [
    rounds(
      config.introspection.interval,
      () => sendOwnReadings(parts, own),
      failed('own readings were not stored'),
    ),
    rounds(trimEveryMs, () => trim(parts), failed('the log was not trimmed')),
    rounds(forgetEveryMs, () => history.forget(now()), failed('history was not trimmed')),
    rounds(flushEveryMs, () => accounts.book.flush(), failed('accounts were not written')),
  ];
  const ending = new AbortController();
  const probe = config.hostProbe.enabled
    ? startHostProbe({
        append: log.append,
        intervalMs: config.hostProbe.interval,
        signal: ending.signal,
        now,
        onError: failed("this machine's readings were not stored"),
      })
    : undefined;
  if (probe) self.intakes.push(probe.counters);
  return {
    stop: async () => {
      ending.abort();
      await Promise.all([...all.map((one) => one.stop()), probe?.done]);
    },
  };
}

async function sendOwnReadings(parts: BackgroundParts, own: OwnReadings): Promise<void> {
  const { config, now, log, self } = parts;
  const { interval } = config.introspection;
  const measures = await self.measureRound();
  const drafts = own.make(measures, { time: now(), host: hostname(), interval });
  const { readings } = encodeDrafts(drafts, ownSource);
  if (readings) await log.append('readings', readings);
}

async function trim({ config, now, log, follower, self, logger }: BackgroundParts): Promise<void> {
  const { freeBytes } = await diskOf(config.data);
  const { retention, minFree } = config.log;
  const state = { now: now(), freeBytes, unread: follower.unread() };
  const { before, unread } = await trimReadings(log, { ...retention, minFree }, state);
  if (unread === 0) return;
  self.trimmedUnread += unread;
  logger.error(
    { unread, before, freeBytes },
    'the disk is nearly full: readings left the log before history had taken them',
  );
}
