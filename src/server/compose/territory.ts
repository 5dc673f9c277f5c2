import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DestinationStream, Logger } from 'pino';
import { warmUpCDEvents } from '../../event/cdevents/validate.ts';
import { webhookProtocol } from '../../intake/webhook/protocol.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import type { Log } from '../../log/log.ts';
import { Accounts } from '../accounts/accounts.ts';
import { BuildsRuntime } from '../builds/runtime.ts';
import type { Config } from '../config/schema.ts';
import { startError } from '../errors.ts';
import { type App, makeApp } from '../http/app.ts';
import { Connections } from '../http/connections.ts';
import { builtConsole } from '../http/console.ts';
import { ownVersion } from '../version.ts';
import { WebhookBook } from '../webhooks/book.ts';
import { Tail } from '../tail/tail.ts';
import { AlertsPart } from './alerts-part.ts';
import { ArtefactsPart } from './artefacts-part.ts';
import { auditTo } from './audit.ts';
import { type Background, startBackground } from './background.ts';
import { ChecksPart } from './checks-part.ts';
import { addressOf, checkExposure, isOpenToAll } from './exposure.ts';
import { DemoPart } from './demo-part.ts';
import { DeploysPart } from './deploys-part.ts';
import { FollowerPart } from './follower-part.ts';
import { GatesPart } from './gates-part.ts';
import { HistoryPart } from './history-part.ts';
import { rawHandler } from './intake-part.ts';
import { IntakesPart } from './intakes-part.ts';
import { listen, stopListening } from './listen.ts';
import { makeLogger } from './logger.ts';
import { MapPart } from './map-part.ts';
import { RedirectsPart } from './redirects-part.ts';
import { RulesPart } from './rules-part.ts';
import { Self } from './self.ts';
import { ThreadsPart } from './threads-part.ts';
import { trustedSenders } from '../where/trusted.ts';
import { WherePart } from './where-part.ts';

/** What the process around gives; all of it may be left out. */
export interface Surroundings {
  /** ms since the epoch, UTC. */
  readonly now?: () => number;
  /** Where the server's own log goes; standard error by default. */
  readonly logTo?: DestinationStream;
  /** Folder of the built console. */
  readonly webRoot?: string;
}

/** A server that takes events. */
export interface RunningTerritory {
  /** Address for people, without a slash at the end. */
  readonly url: string;
  /** Signs the first admin in, once; only while there is no user. */
  readonly adminLink?: string;
  /** Finishes what is under way, drains history, and lets go of the data directory. */
  readonly close: () => Promise<void>;
}

/** Everything that was started, to be stopped in the right order. */
interface Running {
  readonly config: Config;
  readonly logger: Logger;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly tail: Tail;
  readonly history: HistoryPart;
  readonly follower: FollowerPart;
  readonly intakes: IntakesPart;
  readonly webhooks: WebhookBook;
  readonly alerts: AlertsPart;
  readonly rules: RulesPart;
  readonly threads: ThreadsPart;
  readonly map: MapPart;
  readonly builds: BuildsRuntime;
  readonly where: WherePart;
  readonly gates: GatesPart;
  readonly deploys: DeploysPart;
  readonly artefacts: ArtefactsPart;
  readonly checks: ChecksPart;
  readonly redirects: RedirectsPart;
  readonly demo: DemoPart;
  readonly self: Self;
  readonly connections: Connections;
}

/**
 * Starts the server. It takes events as soon as this resolves; history may still be starting.
 * Throws TERR_START_…, TERR_LOG_LOCKED, TERR_LOG_VERSION, TERR_ACCOUNTS_FILE.
 */
export async function startTerritory(
  config: Config,
  surroundings: Surroundings = {},
): Promise<RunningTerritory> {
  const now = surroundings.now ?? Date.now;
  const logger = makeLogger(config.logLevel, surroundings.logTo);
  const log = await openLog(config, now, logger);
  try {
    return await startOn(log, { config, now, logger, surroundings });
  } catch (error) {
    await log.close();
    throw error;
  }
}

interface Start {
  readonly config: Config;
  readonly now: () => number;
  readonly logger: Logger;
  readonly surroundings: Surroundings;
}

async function startOn(log: Log, start: Start): Promise<RunningTerritory> {
  const { config, now, logger } = start;
  const running = await makeParts(log, start);
  const { accounts, history, follower, alerts, rules, intakes, threads, map } = running;
  checkExposure(config, accounts);
  const app = await makeRoutes(running, start);
  warmUpCDEvents();
  try {
    await intakes.open();
    const port = await listen(app, config);
    running.self.url = addressOf(config, port);
    intakes.start(port);
  } catch (error) {
    await app.close();
    await stopParts(running, undefined);
    throw error;
  }
  alerts.start();
  rules.start();
  threads.start();
  map.start();
  running.builds.start();
  running.where.start();
  running.gates.start();
  running.deploys.start();
  running.checks.start();
  running.redirects.start();
  running.demo.start();
  follower.start();
  history.start(follower.feed);
  const background = startBackground({ ...running, now });
  const { url } = running.self;
  logger.info({ url, data: config.data }, 'taking events');
  if (isOpenToAll(config))
    logger.warn(
      `StatsD, syslog and the others take from whoever can reach ${config.intakes.host}: name the networks in intakes.allow`,
    );
  const link = accounts.book.users.size === 0 ? accounts.adminLink() : undefined;
  let closing: Promise<void> | undefined;
  return {
    url,
    ...(link === undefined ? {} : { adminLink: `${url}/sign-in#token=${link.code}` }),
    close: () => (closing ??= stop(running, app, background)),
  };
}

async function makeParts(log: Log, start: Start): Promise<Running> {
  const { config, now, logger } = start;
  const tell = (error: unknown): void => logger.error({ err: error }, 'a part failed');
  const accounts = await openAccounts(log, start);
  const tail = new Tail(log, config.tail);
  const history = new HistoryPart(config, tell);
  const follower = new FollowerPart(config, log, tell);
  const { latest } = follower;
  const publicUrl = (): string => self.url;
  const audit = auditTo(log, now);
  const webhooks = new WebhookBook({ dir: config.data, audit, onProblem: tell, now, publicUrl });
  const intakes = new IntakesPart({
    config,
    log,
    accounts,
    more: [webhookProtocol(webhooks)],
    now,
    latest,
    onProblem: tell,
  });
  const alerts = new AlertsPart({ config, log, now, publicUrl, logger });
  const rules = new RulesPart({ config, log, now, alerts, onError: tell });
  const threads = new ThreadsPart(config, log, tell);
  const watched = { view: follower, history, alerts, threads };
  const map = new MapPart({ config, log, now, ...watched, onProblem: tell });
  const where = new WherePart({
    log,
    now,
    onProblem: tell,
    trusts: trustedSenders(accounts.book),
  });
  const builds = new BuildsRuntime({ log, onProblem: tell });
  const gates = new GatesPart({ log, now, where, onProblem: tell });
  const asks = { history, lag: follower.lag, publicUrl };
  const checks = new ChecksPart({ config, log, now, alerts, where, ...asks, onProblem: tell });
  const known = { gates, alerts, where, threads, checks: checks.verdicts };
  const deploys = new DeploysPart({ config, log, now, ...known, onProblem: tell });
  const { keysIn } = deploys;
  const { lag } = follower;
  const redirects = new RedirectsPart({ config, log, now, history, lag, onProblem: tell });
  const demo = new DemoPart({ config, log, now, latest, book: accounts.book, onProblem: tell });
  const artefacts = new ArtefactsPart({ config, log, now, keysIn });
  const ways = {
    intakes,
    webhooks,
    threads,
    map,
    builds,
    where,
    gates,
    deploys,
    artefacts,
    checks,
    redirects,
    demo,
  };
  const parts = { config, log, accounts, tail, history, follower, alerts, rules, ...ways };
  const self = new Self({ ...parts, now });
  return { ...parts, logger, self, connections: new Connections() };
}

function makeRoutes(running: Running, { now, surroundings }: Start): Promise<App> {
  const { self, follower, intakes, connections, logger } = running;
  const { itself, health, metrics } = self;
  const parts = { ...running, now, view: follower, itself, health, metrics };
  return makeApp(
    { ...parts, publicUrl: () => self.url },
    {
      raw: rawHandler(intakes.events, intakes.door),
      connections,
      logger,
      version: ownVersion(),
      webRoot: surroundings.webRoot ?? builtConsole(),
    },
  );
}

async function stop(running: Running, app: App, background: Background): Promise<void> {
  const { self, tail, map, deploys, connections, config, logger } = running;
  self.stopping = true;
  tail.close();
  map.hangUp();
  deploys.hangUp();
  await stopListening(app, connections, config.shutdownTimeout);
  await stopParts(running, background);
  logger.info('stopped');
}

/** Those who append first, the log last. What fails to stop does not keep the others from it. */
async function stopParts(running: Running, background: Background | undefined): Promise<void> {
  const { logger, follower, history, accounts, alerts, rules, self, log, intakes } = running;
  const { threads, map, where, gates, deploys } = running;
  const steps: readonly (() => unknown)[] = [
    () => background?.stop(),
    () => intakes.close(),
    () => rules.close(),
    () => running.checks.close(),
    () => running.redirects.close(),
    () => running.demo.close(),
    () => alerts.close(),
    () => map.close(),
    () => deploys.close(),
    () => gates.close(),
    () => running.builds.close(),
    () => where.close(),
    () => threads.close(),
    () => follower.close(),
    () => history.close(),
    () => accounts.book.flush(),
    () => self.close(),
  ];
  for (const step of steps) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await step();
    } catch (error) {
      logger.error({ err: error }, 'a part did not stop in order');
    }
  }
  await log.close();
}

async function openLog(config: Config, now: () => number, logger: Logger): Promise<Log> {
  try {
    // Below a parent that is there, plainly: mkdirp of Node never ends where the kernel answers
    // ENOENT to a mkdir itself, as in /proc.
    const recursive = existsSync(config.data) || !existsSync(dirname(resolve(config.data)));
    mkdirSync(config.data, { recursive, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw startError('DATA', `the data directory ${config.data} cannot be made: ${reason}`, {
      field: 'data',
      cause,
    });
  }
  const { log } = config;
  return openLmdbLog({
    dir: join(config.data, 'log'),
    role: 'writer',
    now,
    compression: log.compression ? 'lz4' : 'none',
    identities: { readings: log.identityWindow, facts: log.identityWindowFacts },
    maxPendingBytes: log.maxPending,
    reserveBytes: log.reserve,
    onProblem: (problem) => logger.warn(problem),
  });
}

function openAccounts(log: Log, { config, now }: Start): Promise<Accounts> {
  return Accounts.open({
    dir: config.data,
    sessions: config.sessions,
    signIn: config.signIn,
    linkLifetime: config.sessions.linkLifetime,
    audit: auditTo(log, now),
    now,
  });
}
