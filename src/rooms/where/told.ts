import type { PlacedEvent } from '../../event/codec.ts';
import { isSha, plainName } from '../thread/names.ts';
import { type Said, recordIn, saidBy } from '../thread/said.ts';
import { whereSource } from './facts.ts';
import { versionIn } from './version.ts';

/** What a fact says happened to one application in one environment. */
export type Happened =
  | 'started'
  | 'deployed'
  | 'published'
  | 'rolledback'
  | 'removed'
  | 'failed'
  | 'refused'
  | 'cancelled'
  | 'lost'
  | 'discovered';

/** The fact that something is known from. */
export interface Evidence {
  /** Place on the log. */
  readonly offset: number;
  /** ms since the epoch, UTC. */
  readonly time: number;
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

/** What one fact tells of a deploy. */
export interface Told {
  readonly happened: Happened;
  readonly app: string;
  readonly environment: string;
  /** As people call it; undefined where none is named. */
  readonly version: string | undefined;
  /** Everything that the version is known by: its name, its tag, its commit. */
  readonly names: readonly string[];
  readonly commit: string | undefined;
  /** Names the deploy among the facts about it; undefined where none does. */
  readonly deployment: string | undefined;
  readonly actor: string | undefined;
  readonly url: string | undefined;
  readonly reason: string | undefined;
  readonly evidence: Evidence;
}

/** What of the types of facts tells of deploys and of what runs; the follower looks at no others. */
export const typesHeard: readonly string[] = [
  'dev.cdevents.service.',
  '-deployment.',
  '-deploy.',
  '-evidence.',
];

/** What is said in the CDEvents vocabulary. */
const ofServices: Readonly<Record<string, Happened>> = {
  deployed: 'deployed',
  upgraded: 'deployed',
  published: 'published',
  rolledback: 'rolledback',
  removed: 'removed',
};

/** What forges and Territory itself say of deploys. */
const ofDeploys: Readonly<Record<string, Happened>> = {
  started: 'started',
  running: 'started',
  finished: 'deployed',
  succeeded: 'deployed',
  completed: 'deployed',
  failed: 'failed',
  refused: 'refused',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  lost: 'lost',
  discovered: 'discovered',
};

/** What a fact tells of a deploy; undefined when that is nothing, or not where. */
export function toldBy(event: PlacedEvent): Told | undefined {
  const said = saidBy(event);
  const happened = said && happenedIn(said);
  if (!said || happened === undefined) return undefined;
  const app = appOf(said);
  const environment = plainName(event.environment) ?? idIn(said, 'environment');
  if (app === undefined || environment === undefined) return undefined;
  const named = versionOf(said);
  // CDEvents asks of a publication only where it is: without a version it says nothing of what runs.
  if (happened === 'published' && named.names.length === 0) return undefined;
  const { id, source, type, offset } = event;
  const { attributes: at } = said;
  return {
    happened,
    app,
    environment,
    ...named,
    deployment: deploymentOf(said),
    actor: plainName(at['actor']),
    url: plainName(at['url.full']),
    reason: plainName(at['reason'] ?? said.data['reason']),
    // A clock that is ahead must not keep what comes later from being the newest.
    evidence: { offset, time: Math.min(event.time, event.received), id, source, type },
  };
}

function happenedIn({ subject, predicate, attributes, event }: Said): Happened | undefined {
  if (subject === 'service') return own(ofServices, predicate);
  if (subject !== 'deployment' && subject !== 'deploy') return undefined;
  const happened = own(ofDeploys, predicate);
  // Only the server itself looks at what runs.
  if (happened === 'discovered' && event.source !== whereSource) return undefined;
  const bad =
    event.state === 'critical' || /^(fail|failure|error)$/.test(attributes['outcome'] ?? '');
  return happened === 'deployed' && bad ? 'failed' : happened;
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function appOf(said: Said): string | undefined {
  const named = plainName(said.event.service) ?? idIn(said, 'service');
  if (named !== undefined || said.subject !== 'service') return named;
  return plainName(said.id?.replace(/^service\//, ''));
}

const idIn = ({ content }: Said, name: string): string | undefined =>
  plainName(recordIn(content, name)['id']);

function versionOf({ attributes: at, content }: Said) {
  const commit = plainName(at['vcs.ref.head.revision'] ?? at['vcs.revision'] ?? at['git.commit']);
  const sha = commit !== undefined && isSha(commit) ? commit.toLowerCase() : undefined;
  const names = [
    plainName(at['service.version']),
    tagIn(at),
    versionIn(at['artifact.id'] ?? content['artifactId']),
    sha,
  ].filter((name) => name !== undefined);
  return { version: names[0], names: [...new Set(names)], commit: sha ?? names.find(isSha) };
}

/** A ref is a tag when it says so, or looks like a version. */
function tagIn(at: Readonly<Record<string, string>>): string | undefined {
  const name = plainName(at['vcs.ref.head.name'])?.replace(/^refs\/tags\//, '');
  if (name === undefined) return undefined;
  const type = at['vcs.ref.head.type'];
  const tag = type === undefined ? /^v?\d+(\.\d+)+([-+.].*)?$/.test(name) : type === 'tag';
  return tag ? name : undefined;
}

/** Short numbers begin at 1 in many places: they are told apart by who says them. */
function deploymentOf({ attributes, event }: Said): string | undefined {
  const id = plainName(attributes['deployment.id']);
  return id !== undefined && /^\d{1,7}$/.test(id) ? `${event.source}#${id}` : id;
}
