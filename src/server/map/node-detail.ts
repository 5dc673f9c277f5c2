import type { PlacedEvent } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import type { Alert } from '../../rooms/alerts/alert.ts';
import { defined } from '../../rooms/alerts/facts.ts';
import { processKey } from '../../rooms/map/health.ts';
import type { MapNode, MapProcess } from '../../rooms/map/model.ts';
import type { ThreadGraph } from '../../rooms/thread/graph.ts';
import { type Key, type Kind, keyOf, kindOf } from '../../rooms/thread/thing.ts';
import type { NodeDetail } from '../api/contract-map-detail.ts';
import { readFacts } from '../thread/facts.ts';
import type { ThreadFollower } from '../thread/follower.ts';
import { wordsOf } from '../thread/words.ts';
import { signalOfAlert } from './live/alert-signals.ts';
import type { MapRuntime } from './runtime.ts';
import { changesView } from './timeline.ts';

/** Of each list. */
const maxListed = 20;
/** Things that name a service and are looked at for the newest of a kind. */
const maxLooked = 5_000;

interface Sources {
  /** Changes of health after it are left out, ms since the epoch. */
  readonly until: number | undefined;
  readonly runtime: MapRuntime;
  readonly log: Log;
  readonly threads: ThreadFollower;
  readonly alerts: ReadonlyMap<string, Alert>;
}

type Detail = Pick<NodeDetail, 'deploys' | 'alerts' | 'cases' | 'changes'>;

/** What happened around one node or process. */
export async function nodeDetail(about: MapNode | MapProcess, sources: Sources): Promise<Detail> {
  const id = 'quadrant' in about ? about.id : processKey(about.id);
  const { runtime, log, threads, alerts, until } = sources;
  const things = threads.ready ? newest(threads.graph, about.names.service) : [];
  const facts = await readFacts(
    log,
    things.map(({ offset }) => offset),
  );
  const told = things.flatMap((thing) => {
    const fact = facts.get(thing.offset);
    return fact && fits(fact, about) ? [{ ...thing, fact }] : [];
  });
  return {
    deploys: told
      .filter(({ kind }) => kind === 'deployment')
      .map(deployOf)
      .slice(0, maxListed),
    cases: told
      .filter(({ kind }) => kind !== 'deployment')
      .map(caseOf)
      .slice(0, maxListed),
    alerts: [...alerts.values()]
      .filter((alert) => runtime.live.state.isAbout(signalOfAlert(alert).key, id))
      .map(alertOf),
    changes: await changesView(runtime.recording.changes.newestOf(id, maxListed, until), log),
  };
}

interface Found {
  readonly key: Key;
  readonly kind: Kind;
  readonly offset: number;
}

const listed: ReadonlySet<Kind> = new Set(['deployment', 'incident', 'ticket', 'case']);

/** Deployments, incidents and cases of a service, newest first. */
function newest(graph: ThreadGraph, service: string | undefined): Found[] {
  const slot = service === undefined ? undefined : graph.slots.get(keyOf('service', service));
  if (slot === undefined) return [];
  const found: Found[] = [];
  let looked = 0;
  for (const { from } of graph.incoming(slot)) {
    if (looked++ > maxLooked) break;
    const key = graph.keyAt(from);
    const offset = graph.things.lastOffset[from] ?? 0;
    if (listed.has(kindOf(key)) && offset > 0) found.push({ key, kind: kindOf(key), offset });
  }
  return found.toSorted((a, b) => b.offset - a.offset).slice(0, maxListed * 3);
}

/** A node that names an environment has only what happened there. */
function fits({ environment }: PlacedEvent, { names }: MapNode | MapProcess): boolean {
  return (
    names.environment === undefined ||
    environment === undefined ||
    names.environment === environment
  );
}

type Told = Found & { readonly fact: PlacedEvent };

function deployOf({ key, fact }: Told): Detail['deploys'][number] {
  const { time, offset, environment, attributes = {} } = fact;
  const version = attributes['service.version'] ?? attributes['artifact.id'];
  const outcome = attributes['outcome'] ?? fact.state;
  return { key, time, offset, ...defined({ version, environment, outcome }) };
}

function caseOf({ key, kind, fact }: Told): Detail['cases'][number] {
  const { title } = wordsOf(fact);
  const { time, offset, state } = fact;
  return { key, kind, time, offset, ...defined({ title, state }) };
}

function alertOf({ id, title, severity, openedAt }: Alert): Detail['alerts'][number] {
  return { id, title, severity, since: openedAt };
}
