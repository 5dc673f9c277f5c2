import type { Event } from '../../event/event.ts';
import { aboutOf } from './about-said.ts';
import { commitsSaid } from './commit-said.ts';
import { artifactEdges, contentEdges, contentKeys } from './content-said.ts';
import { type Edge, type EdgeKind, edgeBetween } from './edge.ts';
import { eventKey, linkEdges, suspectEdges } from './links-said.ts';
import {
  artifactKey,
  changeKey,
  commitKey,
  idKey,
  isSha,
  plainName,
  tagKey,
  ticketKey,
} from './names.ts';
import { type Said, saidBy } from './said.ts';
import { type Key, type Kind, isHub, keyOf, kindOf } from './thing.ts';

/** What a fact says for threads. */
export interface Mentions {
  /** What the fact is about; undefined when that is nothing of a thread. */
  readonly about: Key | undefined;
  /** Between what it is about and what it names. */
  readonly edges: readonly Edge[];
}

const nothing: Mentions = { about: undefined, edges: [] };
/** Of one fact; what it names beyond is passed over. */
export const maxEdges = 200;

/** The things that a fact names, and how they hang together. Total: what makes no sense names nothing. */
export function mentions(event: Event): Mentions {
  const said = saidBy(event);
  if (!said) return nothing;
  const named = [...attributeKeys(said), ...contentKeys(said)];
  const about = aboutOf(said, named);
  const links = linkEdges(said, about);
  const edges = [
    ...(about === undefined || isHub(kindOf(about)) ? [] : star(about, named, said)),
    ...links,
    ...suspectEdges(said, about),
  ];
  const self = links.length > 0 ? eventKey(event.id) : undefined;
  return { about: about ?? self, edges: edges.slice(0, maxEdges) };
}

function star(about: Key, named: readonly Key[], said: Said): Edge[] {
  const revisions = commitsSaid(said, about);
  const others = new Set(
    named.filter((key) => key !== about && !isHub(kindOf(key)) && !revisions.instead.has(key)),
  );
  const edges = [...others].flatMap((key) => edgeTo(about, key, others, said) ?? []);
  const artifacts = [about, ...others].filter((key) => kindOf(key) === 'artifact');
  return [
    ...edges,
    ...revisions.edges,
    ...artifacts.flatMap((key) => artifactEdges(key, said.repository)),
    ...contentEdges(said, about),
    ...contexts(about, said),
  ];
}

/** A job of a run has the run's commit: to say it of each would only fill the thread. */
function edgeTo(about: Key, key: Key, others: ReadonlySet<Key>, said: Said): Edge | undefined {
  const throughRun = kindOf(about) === 'task' && ['commit', 'change'].includes(kindOf(key));
  if (throughRun && [...others].some((other) => kindOf(other) === 'build')) return undefined;
  // What a commit's message names is the change that it is the merge of.
  if (kindOf(about) === 'commit' && kindOf(key) === 'change')
    return { from: key, to: about, kind: 'merged' };
  const edge = edgeBetween(about, key);
  return edge?.kind === 'deployed' ? { ...edge, kind: deployedHow(said) } : edge;
}

const done = /^(deployed|upgraded|rolledback|published|finished|succeeded|completed)$/;

/** CDEvents tells of deployments that are done; others tell of their beginning and failure too. */
function deployedHow({ predicate, event }: Said): EdgeKind {
  if (predicate === 'removed') return 'related';
  return done.test(predicate) && event.state !== 'critical' ? 'deployed' : 'attempted';
}

/** Kinds that say where they are; a commit does not run anywhere. */
const placed: ReadonlySet<Kind> = new Set(['deployment', 'alert', 'incident', 'case']);

function contexts(about: Key, said: Said): Edge[] {
  const at = (kind: Kind, name: string | undefined): Edge[] =>
    name === undefined ? [] : [{ from: about, to: keyOf(kind, name), kind: 'at' }];
  const edges: Edge[] = [];
  if (kindOf(about) === 'alert') edges.push(...at('condition', plainName(said.data['alert'])));
  if (placed.has(kindOf(about))) {
    const { event, content } = said;
    const service = kindOf(about) === 'deployment' ? said.id?.replace(/^service\//, '') : undefined;
    edges.push(
      ...at('service', plainName(event.service) ?? idIn(content['service']) ?? plainName(service)),
      ...at('environment', plainName(event.environment) ?? idIn(content['environment'])),
    );
  }
  const branch = branchOf(said);
  const scope = said.repository === undefined ? '' : `${said.repository}@`;
  if (branch !== undefined && ['build', 'change', 'deployment'].includes(kindOf(about)))
    edges.push(...at('branch', `${scope}${branch}`));
  return edges;
}

function idIn(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value
    ? plainName(value.id)
    : undefined;
}

const version = /^v?\d+(\.\d+)+([-+.].*)?$/;

/** `vcs.ref.head.name` may be either, and says which only with `vcs.ref.head.type`. */
function isTag(name: string, { attributes, subject }: Said): boolean {
  if (attributes['vcs.ref.head.type'] !== undefined)
    return attributes['vcs.ref.head.type'] === 'tag';
  return name.startsWith('refs/tags/') || subject === 'tag' || version.test(name);
}

function branchOf(said: Said): string | undefined {
  const name = plainName(said.attributes['vcs.ref.head.name']);
  if (name === undefined || isTag(name, said) || isSha(name)) return undefined;
  return name.replace(/^refs\/heads\//, '');
}

/** Several tickets may stand in one attribute. */
const listed = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : text.split(/[,;\s]+/).slice(0, 20);

/** What the attributes name; docs/reference/threads.md has the table. */
function attributeKeys(said: Said): Key[] {
  const { attributes: at, place, repository } = said;
  // A commit is only reached from its ref.
  const ref = said.subject === 'commit' ? undefined : plainName(at['vcs.ref.head.name']);
  const keys: (Key | undefined)[] = [
    commitKey(at['vcs.ref.head.revision'] ?? at['vcs.revision'] ?? at['git.commit']),
    commitKey(at['vcs.change.head.revision']),
    changeKey(at['vcs.change.id'], place),
    ref !== undefined && isTag(ref, said) ? tagKey(ref, repository) : undefined,
    idKey('build', at['cicd.pipeline.run.id'], place),
    idKey('task', at['cicd.pipeline.task.run.id'], place),
    artifactKey(at['artifact.id']),
    idKey('deployment', at['deployment.id'], place),
    idKey('incident', at['incident.id'], place),
    ...listed(at['ticket.id']).map((id) => ticketKey(id, place)),
    ...listed(at['card.id']).map((id) => ticketKey(id, place, 'card')),
    idKey('case', at['case.id'], place),
    ...versionKeys(said),
  ];
  return keys.filter((key) => key !== undefined);
}

/** A deployment that names only the version: of the service, or the commit itself. */
function versionKeys({ attributes, event, subject }: Said): (Key | undefined)[] {
  const said = plainName(attributes['service.version']);
  if (said === undefined || (subject !== 'service' && subject !== 'deployment')) return [];
  if (isSha(said)) return [commitKey(said)];
  if (attributes['artifact.id'] !== undefined || event.service === undefined) return [];
  return [artifactKey(`${event.service}@${said}`)];
}
