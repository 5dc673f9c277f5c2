import { type Content, type Part, reference } from './fact.ts';
import { referencesOf } from '../git/references.ts';
import type { Repository } from './repository.ts';

/**
 * Parts of facts that all forges tell in the same way. Subjects carry the repository, since numbers
 * of changes and tickets begin at 1 in each.
 */

export interface Change {
  /** Number of the pull or merge request. */
  readonly number: string;
  readonly title?: string | undefined;
  /** What is written below the title: it names the tickets that it closes. */
  readonly words?: string | undefined;
  readonly branch?: string | undefined;
  /** Newest commit of the change. */
  readonly head?: string | undefined;
  /** The commit that it was merged as. */
  readonly merged?: string | undefined;
}

/** A pull or merge request. Once merged its revision is the one that is deployed. */
export function changePart(change: Change, repository: Repository): Part {
  const { number, title = '', words = '', branch, head, merged } = change;
  const references = referencesOf({ title, body: words, trailers: [] });
  return {
    subject: `change/${repository.fullName}/${number}`,
    content: { repository: repositoryContent(repository) },
    attributes: {
      ...references,
      'vcs.change.id': number,
      'vcs.change.title': title,
      'vcs.ref.head.name': branch,
      'vcs.ref.head.revision': merged ?? head,
      ...(merged !== undefined && merged !== head && { 'vcs.change.head.revision': head }),
    },
  };
}

export interface Run {
  readonly id: string;
  readonly name: string;
  readonly url?: string | undefined;
  /** In the product's word. */
  readonly result?: string | undefined;
  readonly revision?: string | undefined;
  readonly branch?: string | undefined;
  /** Number of the change that it runs for. */
  readonly change?: string | undefined;
}

const outcomes: Readonly<Record<string, 'success' | 'failure' | 'cancel' | 'error'>> = {
  success: 'success',
  successful: 'success',
  passed: 'success',
  unstable: 'failure',
  failure: 'failure',
  failed: 'failure',
  cancelled: 'cancel',
  canceled: 'cancel',
  stopped: 'cancel',
  aborted: 'cancel',
  error: 'error',
  timed_out: 'error',
  startup_failure: 'error',
};

/** The outcome that CDEvents has for a product's word; undefined where it has none (`skipped`). */
export function outcomeOf(result: string | undefined): string | undefined {
  const word = result?.toLowerCase() ?? '';
  return Object.hasOwn(outcomes, word) ? outcomes[word] : undefined;
}

/** What an outcome is for who watches. */
export function stateOf(result: string | undefined): string | undefined {
  const outcome = outcomeOf(result);
  if (outcome === undefined) return result?.toLowerCase();
  if (outcome === 'success') return 'ok';
  return outcome === 'cancel' ? 'warning' : 'critical';
}

/** An absolute URI or nothing: the schemas take no other. */
function uriOf(text: string | undefined): string | undefined {
  return text !== undefined && URL.canParse(text) ? reference(text) : undefined;
}

/** A run of a pipeline or workflow. `finished`: its outcome is told. */
export function pipelinePart(run: Run, finished: boolean): Part {
  return {
    subject: `pipelinerun/${run.id}`,
    name: run.name,
    ...(finished && { state: stateOf(run.result) }),
    content: {
      pipelineName: run.name,
      // The schema of a start wants one, and of a run in a product without pages there is none.
      uri:
        uriOf(run.url) ?? (finished ? undefined : `urn:pipelinerun:${encodeURIComponent(run.id)}`),
      ...(finished && { outcome: outcomeOf(run.result) }),
    },
    attributes: { 'cicd.pipeline.run.id': run.id, ...runAttributes(run) },
  };
}

/** A job of such a run, `pipeline` being the run's id. */
export function taskPart(run: Run, finished: boolean, pipeline?: string): Part {
  return {
    subject: `taskrun/${run.id}`,
    name: run.name,
    ...(finished && { state: stateOf(run.result) }),
    content: {
      taskName: run.name,
      uri: uriOf(run.url),
      pipelineRun: pipeline === undefined ? undefined : { id: `pipelinerun/${pipeline}` },
      ...(finished && { outcome: outcomeOf(run.result) ?? run.result }),
    },
    attributes: { 'cicd.pipeline.run.id': pipeline, ...runAttributes(run) },
  };
}

function runAttributes({ name, url, result, revision, branch, change }: Run) {
  return {
    'cicd.pipeline.name': name,
    'cicd.pipeline.result': result?.toLowerCase(),
    'url.full': url,
    'vcs.ref.head.revision': revision,
    'vcs.ref.head.name': branch,
    'vcs.change.id': change,
  };
}

export interface Ticket {
  readonly number: string;
  readonly title?: string | undefined;
  readonly url?: string | undefined;
  readonly creator?: string | undefined;
  readonly updatedBy?: string | undefined;
  readonly assignees?: readonly string[];
  readonly labels?: readonly string[];
  readonly milestone?: string | undefined;
  readonly priority?: string | undefined;
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  readonly resolution?: string | undefined;
  /** Before the number, where numbers begin at 1 in each: `acme/shop`. */
  readonly place?: string;
}

/** An issue or a support case, as the schema of one of the three events about tickets wants it. */
export function ticketPart(ticket: Ticket, happened: 'created' | 'updated' | 'closed'): Part {
  const { number, title, url, place } = ticket;
  const content: Content = {
    summary: happened === 'created' ? (title ?? number) : title,
    creator: ticket.creator ?? (happened === 'created' ? 'unknown' : undefined),
    uri: reference(url ?? `#${number}`),
    assignees: listed(ticket.assignees),
    labels: listed(ticket.labels),
    milestone: ticket.milestone,
    priority: ticket.priority,
    ticketType: ticket.type,
    group: ticket.group,
    ...(happened !== 'created' && { updatedBy: ticket.updatedBy }),
    ...(happened === 'closed' && { resolution: ticket.resolution ?? 'completed' }),
  };
  return {
    subject: `ticket/${place === undefined ? '' : `${place}/`}${number}`,
    content,
    attributes: {
      'ticket.id': place === undefined ? number : `${place}#${number}`,
      'ticket.title': title,
      'url.full': url,
    },
  };
}

function listed(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts !== undefined && texts.length > 0 ? texts : undefined;
}

export function branchPart(branch: string, repository: Repository): Part {
  return {
    subject: `branch/${repository.fullName}/${branch}`,
    content: { repository: repositoryContent(repository) },
    attributes: { 'vcs.ref.head.name': branch },
  };
}

export interface Deployment {
  readonly id: string;
  readonly environment: string | undefined;
  readonly revision: string | undefined;
  readonly ref?: string | undefined;
  readonly url?: string | undefined;
  /** What is deployed, where the product says it; else the repository's name. */
  readonly service?: string | undefined;
  /** package-url of what was deployed. */
  readonly artifact: string;
}

/** `environment` is there in all facts of a deployment, so that what runs where can be folded. */
export function deploymentPart(deployment: Deployment, repository: Repository): Part {
  const { id, environment = 'unknown', revision, ref, url, artifact } = deployment;
  const service = deployment.service ?? repository.name;
  return {
    subject: `service/${service}`,
    service,
    environment,
    content: { environment: { id: environment }, artifactId: artifact },
    attributes: {
      'deployment.id': id,
      'artifact.id': artifact,
      'vcs.ref.head.revision': revision,
      'vcs.ref.head.name': ref,
      'url.full': url,
    },
  };
}

/** package-url of the state of a repository; `github` and `bitbucket` are types of the purl spec. */
export function purlOf(type: 'github' | 'bitbucket' | 'generic', path: string, version: string) {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `pkg:${type}/${type === 'generic' ? encoded : encoded.toLowerCase()}@${encodeURIComponent(version)}`;
}

function repositoryContent({ fullName, url }: Repository): Content {
  return { id: fullName, source: url };
}
