import type { Draft } from '../../event/event.ts';

/**
 * What the tools around the company's repositories tell: a forge of changes, a build server of runs, a
 * help desk of cases. As CDEvents (cdevents.dev 0.5), with the attributes of OpenTelemetry by which
 * threads, builds and streams of the map find what belongs together.
 */
export const sources = {
  forge: 'newsroom/forge',
  builder: 'newsroom/builder',
  helpdesk: 'newsroom/helpdesk',
} as const;

/** Of which commit it is told. */
export interface Revision {
  /** Address of the repository, as its own facts give it. */
  readonly repository: string;
  readonly commit: string;
  /** Branch or tag. */
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
}

type Content = { readonly [name: string]: string | object };

/** A fact with what every one of them has. */
interface Fact {
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly content?: Content;
  readonly attributes: Readonly<Record<string, string>>;
  readonly state?: 'ok' | 'critical';
  readonly service?: string;
}

/** The id is made of what happened: the same thing told twice is one fact. */
function factOf({ at, type, source, subject, content = {}, ...fact }: Fact): Draft {
  const id = `${type}/${subject}`.slice(0, 300);
  const context = {
    specversion: '0.5.1',
    id,
    source,
    type,
    timestamp: new Date(at).toISOString(),
  };
  return {
    id,
    type,
    source,
    time: at,
    subject,
    ...fact,
    data: { context, subject: { id: subject, content } },
  } as Draft; // content is JSON
}

const revisionOf = ({ repository, commit, ref, refType }: Revision): Record<string, string> => ({
  'vcs.repository.url.full': repository,
  'vcs.ref.head.revision': commit,
  'vcs.ref.head.name': ref,
  'vcs.ref.head.type': refType,
});

/** A pull request. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly card: string;
  readonly revision: Revision;
}

/** A pull request was opened, reviewed, or given up. Who did it is `by`. */
export function changeFact(
  what: 'created' | 'reviewed' | 'abandoned',
  { number, title, card, revision }: PullRequest,
  { at, by }: { readonly at: number; readonly by: string },
): Draft {
  const version = what === 'created' ? '0.4.0' : '0.3.0';
  return factOf({
    at,
    type: `dev.cdevents.change.${what}.${version}`,
    source: sources.forge,
    subject: `${revision.repository}/${number}`,
    content: what === 'created' ? { description: title } : {},
    attributes: {
      ...revisionOf(revision),
      'vcs.change.id': `${number}`,
      'vcs.change.title': title,
      'card.id': card,
      actor: by,
      ...(what === 'reviewed' ? { outcome: 'approved' } : {}),
    },
  });
}

/** A run of one of the build server's pipelines. */
export interface Run {
  /** Names the run: `site-12`. */
  readonly id: string;
  readonly pipeline: string;
  readonly revision: Revision;
  /** Who it runs for. */
  readonly by: string;
  /** Where it can be looked at. */
  readonly url: string;
  /** Number of the pull request it is about. */
  readonly change?: number;
}

const runAttributes = ({
  id,
  pipeline,
  revision,
  by,
  change,
  url,
}: Run): Record<string, string> => ({
  ...revisionOf(revision),
  'cicd.pipeline.name': pipeline,
  'cicd.pipeline.run.id': id,
  ...(change === undefined ? {} : { 'vcs.change.id': `${change}` }),
  'url.full': url,
  actor: by,
});

/** How something ended. */
export interface Ending {
  readonly outcome: 'success' | 'failure';
  /** Why it failed. */
  readonly reason?: string;
}

function endingOf(ended: Ending | undefined) {
  if (ended === undefined) return { content: {}, attributes: {} };
  const { outcome, reason } = ended;
  return {
    content: { outcome, ...(reason === undefined ? {} : { errors: reason }) },
    attributes: { outcome, ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }) },
    state: outcome === 'success' ? ('ok' as const) : ('critical' as const),
  };
}

/** A run is queued, has begun, or has ended (`ended` says how). */
export function runFact(
  run: Run,
  what: 'queued' | 'started' | 'finished',
  { at, ended }: { readonly at: number; readonly ended?: Ending },
): Draft {
  const { content, ...ending } = endingOf(ended);
  return factOf({
    at,
    type: `dev.cdevents.pipelinerun.${what}.0.3.0`,
    source: sources.builder,
    subject: run.id,
    service: 'builder',
    ...ending,
    content: { pipelineName: run.pipeline, uri: run.url, ...content },
    attributes: { ...runAttributes(run), ...ending.attributes },
  });
}

/** Part of a run: a task, a suite of tests, or the build of an artefact. */
export interface Part {
  readonly kind: 'taskrun' | 'testsuiterun' | 'build';
  readonly name: string;
  /** Package-url of the artefact that a build made. */
  readonly artifact?: string;
}

/** A part of a run has begun or ended. */
export function partFact(
  run: Run,
  part: Part,
  { at, ended }: { readonly at: number; readonly ended?: Ending },
): Draft {
  const { kind, name, artifact } = part;
  const { content, ...ending } = endingOf(ended);
  // The build of a run is the run itself: one thing on the board, and in threads.
  const id = kind === 'build' ? run.id : `${run.id}/${name}`;
  return factOf({
    at,
    type: `dev.cdevents.${kind}.${ended === undefined ? 'started' : 'finished'}.0.3.0`,
    source: sources.builder,
    subject: id,
    service: 'builder',
    ...ending,
    content: contentOf(run, part, content),
    attributes: {
      ...runAttributes(run),
      ...(kind === 'build' ? {} : { 'cicd.pipeline.task.run.id': id }),
      ...(artifact === undefined ? {} : { 'artifact.id': artifact }),
      ...ending.attributes,
    },
  });
}

/** Each kind says the same in its own words. */
function contentOf(
  { id }: Run,
  { kind, name, artifact }: Part,
  { outcome, errors }: { readonly outcome?: string; readonly errors?: string },
): Content {
  const said = {
    ...(outcome === undefined ? {} : { outcome }),
    ...(errors === undefined ? {} : { [kind === 'taskrun' ? 'errors' : 'reason']: errors }),
  };
  if (kind === 'build') return artifact === undefined ? {} : { artifactId: artifact };
  if (kind === 'taskrun') return { taskName: name, pipelineRun: { id }, ...said };
  return { environment: { id: 'builder' }, testSuite: { id: name }, ...said };
}

/** What a case came to: the help desk answered it. */
export function answeredFact(
  { id, answer }: { readonly id: string; readonly answer: string },
  { at, by }: { readonly at: number; readonly by: string },
): Draft {
  return factOf({
    at,
    type: 'dev.cdevents.ticket.closed.0.2.0',
    source: sources.helpdesk,
    subject: id,
    content: {
      summary: answer,
      resolution: 'completed',
      updatedBy: by,
      ticketType: 'question',
      uri: `/support/${id}`,
    },
    attributes: { 'ticket.id': id, actor: by },
  });
}

/** As the server names the artefact of a version (purl-spec, type generic). */
export const artifactOf = (app: string, version: string): string =>
  `pkg:generic/${encodeURIComponent(app)}@${encodeURIComponent(version)}`;
