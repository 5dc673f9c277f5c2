import { artifactKey, changeKey, commitKey, idKey, plainName, tagKey, ticketKey } from './names.ts';
import type { Said } from './said.ts';
import { type Key, type Kind, isHub, keyOf, kindOf, kinds } from './thing.ts';

/** Which kind of thing a fact is about, by the subject in its type. */
const subjects: Readonly<Record<string, Kind>> = {
  commit: 'commit',
  change: 'change',
  pullrequest: 'change',
  mergerequest: 'change',
  pullrequestreview: 'change',
  pullrequestreviewcomment: 'change',
  pullrequestreviewthread: 'change',
  review: 'change',
  tag: 'tag',
  release: 'release',
  branch: 'branch',
  build: 'build',
  pipelinerun: 'build',
  pipeline: 'build',
  workflowrun: 'build',
  taskrun: 'task',
  testcaserun: 'task',
  testsuiterun: 'task',
  job: 'task',
  workflowjob: 'task',
  artifact: 'artifact',
  service: 'deployment',
  deployment: 'deployment',
  deploy: 'deployment',
  environment: 'environment',
  alert: 'alert',
  incident: 'incident',
  ticket: 'ticket',
  issue: 'ticket',
  issues: 'ticket',
  card: 'card',
  case: 'case',
};

/** How a kind of thing is named by the fact that is about it; `named` is the first that it names. */
const own: Partial<Record<Kind, (said: Said, named: Key | undefined) => Key | undefined>> = {
  // A merge that a repository tells of by itself is about the commit.
  change: ({ id, place }, named) => named ?? commitKey(id) ?? changeKey(id, place),
  build: ({ id, place, subject }, named) =>
    (subject === 'build' ? undefined : named) ?? idKey('build', id, place) ?? named,
  task: ({ id, place, attributes }) =>
    idKey('task', attributes['cicd.pipeline.task.run.id'] ?? id, place),
  deployment: ({ event }, named) =>
    named ?? keyOf('deployment', `${event.source}#${event.id}`.slice(0, 300)),
  artifact: ({ id }, named) => named ?? artifactKey(id),
  alert: (said, named) => alertKey(said) ?? named,
  ticket: ({ id, place }, named) => named ?? ticketKey(id, place),
  card: ({ id, place }, named) => named ?? ticketKey(id, place, 'card'),
  incident: ({ id, place }, named) => named ?? idKey('incident', id, place),
  case: ({ id, place }, named) => named ?? idKey('case', id, place),
  release: ({ id, place }, named) => named ?? idKey('release', id, place),
  tag: ({ data, id, repository }, named) =>
    tagKey(data['tag'], repository) ?? named ?? tagKey(id?.split('/').at(-1), repository),
  commit: ({ id }, named) => commitKey(id) ?? named,
};

/** What a fact is about: what its type says, else the last in the order of kinds that it names. */
export function aboutOf(said: Said, named: readonly Key[]): Key | undefined {
  const kind = Object.hasOwn(subjects, said.subject) ? subjects[said.subject] : undefined;
  if (kind !== undefined && isHub(kind)) return undefined;
  const first = named.find((key) => kindOf(key) === kind);
  const about = kind === undefined ? undefined : own[kind]?.(said, first);
  if (about !== undefined) return about;
  const last = Math.max(...named.map((key) => kinds.indexOf(kindOf(key))));
  return named.find((key) => kinds.indexOf(kindOf(key)) === last);
}

/** Each time that an alert opens is a thing of its own: years of them are not one thread. */
function alertKey({ event, data, predicate }: Said): Key | undefined {
  const alert = plainName(data['alert']);
  if (alert === undefined) return undefined;
  return predicate === 'opened'
    ? keyOf('alert', `${alert}@${event.time}`)
    : keyOf('condition', alert);
}
