import { maxAccounts } from '../accounts/book.ts';
import { maxCalls } from '../feeder/calls.ts';
import { placesLimits } from '../feeder/places.ts';
import { alertingLimits } from './alerting.ts';
import { artefactsLimits } from './artefacts.ts';
import { buildsLimits } from './builds.ts';
import { checksLimits } from './checks.ts';
import { demoLimits } from './demo.ts';
import { deploysLimits } from './deploys.ts';
import { gatesLimits } from './gates.ts';
import { type Limit, floor, limit } from './limit.ts';
import { redirectsLimits } from './redirects.ts';
import { rulesLimits } from './rules.ts';
import type { Snapshot, Sources } from './state.ts';
import { mapLimits } from './map.ts';
import { threadsLimits } from './threads.ts';
import { whereLimits } from './where.ts';

/** Every bound: what it holds now and how often it was hit. */
export function limitsOf(at: Snapshot, sources: Sources): Limit[] {
  return [
    ...intakeLimits(at, sources),
    ...listenerLimits(at, sources),
    ...logLimits(at, sources),
    ...historyLimits(at, sources),
    ...tailLimits(sources),
    ...accountLimits(sources),
    ...catalogueLimits(at, sources),
    ...alertingLimits(sources.alerting(), sources.config),
    ...rulesLimits(sources.rules(), sources.config),
    ...threadsLimits(sources.threads()),
    ...mapLimits(sources.map()),
    ...whereLimits(sources.where()),
    ...buildsLimits(sources.builds()),
    ...checksLimits(sources.checks()),
    ...gatesLimits(sources.gates()),
    ...redirectsLimits(sources.redirects()),
    ...demoLimits(sources.demo()),
    ...deploysLimits(sources.deploys()),
    ...artefactsLimits(sources.artefacts()),
    ...webhookLimits(sources),
  ];
}

function intakeLimits(at: Snapshot, { config }: Sources): Limit[] {
  const { intake } = config;
  const refused = (...codes: readonly string[]) =>
    at.intakes.reduce(
      (sum, { refusedBy }) => sum + codes.reduce((own, code) => own + (refusedBy[code] ?? 0), 0),
      0,
    );
  const { maxInFlight, maxBody, maxEvent, maxEvents, bodyTimeout } = intake;
  return [
    limit(
      'bodies in memory',
      'intake.maxInFlight',
      [maxInFlight, at.inFlight, refused('TERR_INTAKE_BUSY')],
      'bytes',
    ),
    limit('one body', 'intake.maxBody', [maxBody, null, refused('TERR_INTAKE_TOO_LARGE')], 'bytes'),
    limit(
      'one event',
      'intake.maxEvent',
      [maxEvent, null, refused('TERR_EVENT_TOO_LARGE')],
      'bytes',
    ),
    limit(
      'events in one request',
      'intake.maxEvents',
      [maxEvents, null, refused('TERR_INTAKE_TOO_MANY')],
      'events',
    ),
    limit(
      'arrival of a body',
      'intake.bodyTimeout',
      [bodyTimeout, null, refused('TERR_INTAKE_TIMEOUT')],
      'ms',
    ),
  ];
}

function listenerLimits(at: Snapshot, { config, senders }: Sources): Limit[] {
  const { maxPending, maxConnections, maxPerAddress, maxSenders } = config.intakes;
  const { pendingBytes, connections, held, forgotten } = senders();
  const own = at.intakes.filter(({ protocol }) => protocol !== 'http');
  const refused = (code: string) => own.reduce((sum, one) => sum + (one.refusedBy[code] ?? 0), 0);
  const turnedAway = refused('TERR_INTAKE_CONNECTIONS');
  return [
    limit(
      'events of the listeners, waiting for the log',
      'intakes.maxPending',
      [maxPending, pendingBytes, refused('TERR_INTAKE_BUSY')],
      'bytes',
    ),
    limit(
      'connections of one protocol',
      'intakes.maxConnections',
      [maxConnections, connections, turnedAway],
      'connections',
    ),
    limit(
      'connections from one address',
      'intakes.maxPerAddress',
      [maxPerAddress, null, turnedAway],
      'connections',
    ),
    limit('senders remembered', 'intakes.maxSenders', [maxSenders, held, forgotten], 'senders'),
  ];
}

function logLimits(at: Snapshot, { config }: Sources): Limit[] {
  const { log } = config;
  const { pendingBytes, refusedBusy, refusedFull, identities } = at.log;
  return [
    limit(
      'waiting to be durable',
      'log.maxPending',
      [log.maxPending, pendingBytes, refusedBusy],
      'bytes',
    ),
    limit(
      'identities of readings, to know duplicates by',
      'log.identityWindow',
      [log.identityWindow, identities.readings.held, identities.readings.forgotten],
      'identities',
    ),
    limit(
      'identities of facts, to know duplicates by',
      'log.identityWindowFacts',
      [log.identityWindowFacts, identities.facts.held, identities.facts.forgotten],
      'identities',
    ),
    floor(
      'free disk for appends',
      'log.reserve',
      [log.reserve, at.disk.freeBytes, refusedFull],
      'bytes',
    ),
    floor(
      'free disk before trimming what nobody read',
      'log.minFree',
      [log.minFree, at.disk.freeBytes, at.trimmedUnread],
      'bytes',
    ),
  ];
}

function historyLimits(at: Snapshot, { config }: Sources): Limit[] {
  const { counters, memory = null, stat } = at.history;
  const { query, maxMemory, maxBytes } = config.history;
  return [
    limit(
      'one query, time',
      'history.query.timeout',
      [query.timeout, null, counters?.queryTimeouts ?? 0],
      'ms',
    ),
    limit(
      'one query, memory',
      'history.query.memory',
      [query.memory, null, counters?.queryMemory ?? 0],
      'bytes',
    ),
    limit(
      'queries that wait',
      'history.query.waiting',
      [query.waiting, counters?.queriesWaiting ?? null, counters?.queriesRefused ?? 0],
      'queries',
    ),
    limit('memory of the engine', 'history.maxMemory', [maxMemory, memory, 0], 'bytes'),
    limit('history on disk', 'history.maxBytes', [maxBytes, stat?.bytes ?? null, 0], 'bytes'),
  ];
}

function tailLimits({ config, tail }: Sources): Limit[] {
  const { refused, stalled, fellBehind } = tail.counters;
  const { maxClients, stalledAfter, clientBuffer } = config.tail;
  return [
    limit('open tails', 'tail.maxClients', [maxClients, tail.clients, refused], 'clients'),
    limit(
      'silence of a tail that does not read',
      'tail.stalledAfter',
      [stalledAfter, null, stalled],
      'ms',
    ),
    limit('waiting for one tail', 'tail.clientBuffer', [clientBuffer, null, fellBehind], 'bytes'),
  ];
}

function accountLimits({ config, accounts }: Sources): Limit[] {
  const { sessions, attempts, book } = accounts;
  const held = Math.max(book.users.size, book.tokens.size);
  return [
    limit(
      'sessions',
      'sessions.max',
      [config.sessions.max, sessions.count, sessions.evicted],
      'sessions',
    ),
    limit(
      'failed sign-ins',
      'signIn.attempts',
      [config.signIn.attempts, null, attempts.refused],
      'attempts',
    ),
    limit('users, tokens', null, [maxAccounts, held, 0], 'accounts'),
  ];
}

function webhookLimits({ webhooks }: Sources): Limit[] {
  const counts = webhooks();
  return [
    limit('webhooks', null, [...counts.webhooks], 'webhooks'),
    limit('recorded bodies of webhooks', null, [...counts.bodies], 'bytes'),
  ];
}

function catalogueLimits({ overflows }: Snapshot, { config }: Sources): Limit[] {
  const { maxValues, maxLatest } = config.catalogue;
  const { values = 0, latest = 0, places = 0, calls = 0 } = overflows;
  const { places: named, checks } = placesLimits;
  return [
    limit('values of each kind', 'catalogue.maxValues', [maxValues, null, values], 'values'),
    limit('latest events', 'catalogue.maxLatest', [maxLatest, null, latest], 'events'),
    limit('names seen, for the map', null, [named + checks, null, places], 'combinations'),
    limit('calls seen, for the map', null, [maxCalls, null, calls], 'pairs'),
  ];
}
