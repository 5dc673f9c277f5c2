import { alertingMeasures } from './alerting.ts';
import { artefactsMeasures } from './artefacts.ts';
import { demoMeasures } from './demo.ts';
import { deploysMeasures } from './deploys.ts';
import { checksMeasures } from './checks.ts';
import { gatesMeasures } from './gates.ts';
import { limitsOf } from './limits.ts';
import { mapMeasures } from './map.ts';
import { type Measure, counter, gauge } from './measure.ts';
import { redirectsMeasures } from './redirects.ts';
import { rulesMeasures } from './rules.ts';
import type { Snapshot, Sources } from './state.ts';
import { threadsMeasures } from './threads.ts';
import { buildsMeasures } from './builds.ts';
import { whereMeasures } from './where.ts';

export function measuresOf(at: Snapshot, sources: Sources): Measure[] {
  return [
    ...intakeMeasures(at),
    ...logMeasures(at),
    ...historyMeasures(at),
    ...tailMeasures(sources),
    ...processMeasures(at),
    ...alertingMeasures(sources.alerting()),
    ...rulesMeasures(sources.rules()),
    ...threadsMeasures(sources.threads()),
    ...mapMeasures(sources.map()),
    ...whereMeasures(sources.where()),
    ...buildsMeasures(sources.builds()),
    ...checksMeasures(sources.checks()),
    ...gatesMeasures(sources.gates()),
    ...redirectsMeasures(sources.redirects()),
    ...demoMeasures(sources.demo()),
    ...deploysMeasures(sources.deploys()),
    ...artefactsMeasures(sources.artefacts()),
    ...limitsOf(at, sources).map(({ name, setting, hits }) => ({
      name: 'territory.limit.hits',
      help: 'How often a bound was hit',
      kind: 'counter' as const,
      rare: true,
      value: hits,
      labels: { limit: setting ?? name },
    })),
  ];
}

function intakeMeasures({ intakes, inFlight }: Snapshot): Measure[] {
  const each = intakes.flatMap(({ protocol, accepted, duplicates, refusedBy }) => {
    const labels = { protocol };
    return [
      counter('territory.intake.accepted', 'Events made durable', accepted, labels),
      counter('territory.intake.duplicates', 'Events taken before', duplicates, labels),
      ...Object.entries(refusedBy).map(([reason, count]) =>
        counter('territory.intake.refused', 'Events or requests refused', count, {
          protocol,
          reason,
        }),
      ),
    ];
  });
  return [...each, gauge('territory.intake.inflight.bytes', 'Bodies in memory', inFlight)];
}

function logMeasures({ log, streams }: Snapshot): Measure[] {
  const { p50, p99, max } = log.appendLatency;
  return [
    gauge('territory.log.append.p50.ms', 'Recent time from append to durable, median', p50),
    gauge('territory.log.append.p99.ms', 'Recent time from append to durable, p99', p99),
    gauge('territory.log.append.max.ms', 'Recent time from append to durable, longest', max),
    gauge('territory.log.pending.bytes', 'Waiting to be durable', log.pendingBytes),
    counter('territory.log.appended', 'Events appended', log.appended),
    counter('territory.log.duplicates', 'Events that the log had', log.duplicates),
    ...streams.flatMap(({ stream, first, next, bytes, lag }) => [
      gauge('territory.log.events', 'Events held in the log', next - first, { stream }),
      gauge('territory.log.bytes', 'Held in the log, before compression', bytes, { stream }),
      ...(lag === undefined
        ? []
        : [
            gauge('territory.reader.lag.events', 'Events not yet in history', lag.events, {
              stream,
            }),
            gauge('territory.reader.lag.ms', 'Age of the oldest of them', lag.ms, { stream }),
          ]),
    ]),
  ];
}

function historyMeasures({ history }: Snapshot): Measure[] {
  const { state, stat, counters, memory } = history;
  if (state === 'off') return [];
  return [
    gauge('territory.history.up', '1 while history answers', state === 'running' ? 1 : 0),
    ...(stat === undefined
      ? []
      : [
          gauge('territory.history.rows', 'Events in history', stat.rows),
          gauge('territory.history.bytes', 'History on disk', stat.bytes),
          gauge('territory.history.parts', 'Parts of its tables', stat.parts),
          gauge('territory.history.merging', 'Merges under way', stat.merging),
        ]),
    ...(counters === undefined
      ? []
      : [
          counter('territory.history.inserted', 'Events inserted', counters.insertedRows),
          counter('territory.history.failures', 'Inserts that failed', counters.insertFailures),
          counter('territory.history.queries', 'Queries', counters.queries),
          counter('territory.history.restarts', 'Restarts of the engine', counters.restarts),
        ]),
    ...(memory === undefined
      ? []
      : [gauge('territory.history.memory.bytes', 'Private memory of the engine', memory)]),
  ];
}

function tailMeasures({ tail }: Sources): Measure[] {
  const { sent, skipped, fellBehind, stalled } = tail.counters;
  return [
    gauge('territory.tail.clients', 'Open tails', tail.clients),
    counter('territory.tail.sent', 'Events sent to tails', sent),
    counter('territory.tail.skipped', 'Events left out by sampling', skipped),
    counter('territory.tail.behind', 'Times a tail fell behind', fellBehind),
    counter('territory.tail.stalled', 'Tails cut because they did not read', stalled),
  ];
}

function processMeasures({ memory, loopDelay, disk }: Snapshot): Measure[] {
  return [
    gauge(
      'territory.memory.anonymous.bytes',
      'Private memory of the server',
      memory.anonymousBytes,
    ),
    gauge('territory.memory.rss.bytes', 'Resident memory of the server', memory.rssBytes),
    gauge('territory.loop.delay.p99.ms', 'Delay of the event loop, p99', loopDelay.p99),
    gauge('territory.loop.delay.max.ms', 'Delay of the event loop, longest', loopDelay.max),
    gauge('territory.disk.free.bytes', 'Free where the data is', disk.freeBytes),
    gauge('territory.disk.used.bytes', "The log's file on disk", disk.usedBytes),
  ];
}
