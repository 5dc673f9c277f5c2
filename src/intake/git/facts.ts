import type { Draft, Json } from '../../event/event.ts';
import type { Commit, Signature } from './commits.ts';
import { referencesOf } from './references.ts';
import type { Tag } from './tags.ts';

/** A fact as it is sent: all that makes it the same fact the next time is in it. */
export interface GitFact {
  readonly kind: 'commit' | 'merge' | 'tag';
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly source: string;
  readonly subject: string;
  readonly service?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Json;
}

/** The fact as an event: `kind` is for those who count. */
export function draftOf(fact: GitFact): Draft {
  const { id, type, time, source, subject, service, attributes, data } = fact;
  const draft = { id, type, time, source, subject, attributes, data };
  return service === undefined ? draft : { ...draft, service };
}

export interface About {
  readonly source: string;
  readonly repository: string;
  readonly service?: string;
  /** Addresses are left out without it: they say who people are. */
  readonly withEmails: boolean;
}

const maxText = 1_000;
const maxTrailers = 50;
const maxRefs = 50;

/** The commit as a fact, and for a merge the CDEvent that says so. */
export function factsOfCommit(commit: Commit, about: About): GitFact[] {
  const branch = nameOfRef(commit.ref);
  const more = {
    ...(branch !== undefined && { 'vcs.ref.head.name': cut(branch) }),
    ...(commit.ref.startsWith('refs/tags/') && { 'vcs.ref.head.type': 'tag' }),
    ...referencesOf(commit),
  };
  const fact: GitFact = {
    kind: 'commit',
    id: `commit/${commit.sha}`,
    type: 'dev.cdeventsx.territory-commit.created.0.1.0',
    time: commit.committer.time,
    ...placeOf(commit.sha, about, more),
    data: commitData(commit, about),
  };
  return commit.parents.length > 1 ? [fact, mergeOf(commit, about, more)] : [fact];
}

type Attributes = Readonly<Record<string, string>>;

function placeOf(sha: string, { source, repository, service }: About, more: Attributes) {
  return {
    source,
    subject: `commit/${sha}`,
    ...(service === undefined ? {} : { service }),
    attributes: {
      ...repositoryAttributes({ source, repository }),
      'vcs.ref.head.revision': sha,
      ...more,
    },
  };
}

function commitData(commit: Commit, about: About): Json {
  const trailers = trailersOf(commit, about);
  return {
    sha: commit.sha,
    parents: commit.parents,
    title: cut(commit.title),
    author: personOf(commit.author, about),
    committer: personOf(commit.committer, about),
    ref: commit.ref,
    refs: commit.refs.slice(0, maxRefs),
    ...(Object.keys(trailers).length === 0 ? {} : { trailers }),
    ...(commit.stat === undefined ? {} : { stat: { ...commit.stat } }),
  };
}

function personOf({ name, email, time }: Signature, about: About): Json {
  return {
    name: cut(name),
    ...(isTime(time) ? { time: new Date(time).toISOString() } : {}),
    ...(about.withEmails ? { email: cut(email) } : {}),
  };
}

function trailersOf(commit: Commit, { withEmails }: About): Record<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of commit.trailers.slice(0, maxTrailers)) {
    if (!withEmails && key.toLowerCase() === 'co-authored-by') continue;
    const shown = withEmails ? value : value.replace(/\s*<?[^\s<>@]+@[^\s<>]+>?/g, '').trim();
    if (shown === '') continue;
    const before = found.get(key);
    found.set(key, cut(before === undefined ? shown : `${before}, ${shown}`));
  }
  return Object.fromEntries(found);
}

/** CDEvents 0.5, `change.merged` 0.3.0: a body that its schema takes. */
function mergeOf(commit: Commit, about: About, more: Attributes): GitFact {
  const id = `merge/${commit.sha}`;
  const type = 'dev.cdevents.change.merged.0.3.0';
  const time = commit.committer.time;
  return {
    kind: 'merge',
    id,
    type,
    time,
    ...placeOf(commit.sha, about, more),
    data: {
      context: {
        specversion: '0.5.1',
        id,
        source: about.source,
        type,
        timestamp: isTime(time) ? new Date(time).toISOString() : '',
      },
      subject: {
        id: `commit/${commit.sha}`,
        source: about.source,
        content: { repository: { id: about.repository, source: about.source } },
      },
      customData: { title: cut(commit.title), parents: commit.parents },
      customDataContentType: 'application/json',
    },
  };
}

/** A tag that is moved to another commit is another fact. */
export function factOfTag(tag: Tag, about: About): GitFact {
  return {
    kind: 'tag',
    id: `tag/${tag.name}@${tag.sha}`,
    type: 'dev.cdeventsx.territory-tag.created.0.1.0',
    time: tag.time,
    ...placeOf(tag.sha, about, { 'vcs.ref.head.name': cut(tag.name), 'vcs.ref.head.type': 'tag' }),
    data: {
      tag: tag.name,
      sha: tag.sha,
      annotated: tag.annotated,
      title: cut(tag.title),
      ...(tag.tagger === '' ? {} : { tagger: cut(tag.tagger) }),
    },
  };
}

/** Names of the OpenTelemetry semantic conventions, "VCS"; the address without `.git`. */
export function repositoryAttributes({
  source,
  repository,
}: Pick<About, 'source' | 'repository'>): Attributes {
  return {
    'vcs.repository.name': cut(repository),
    'vcs.repository.url.full': cut(source.replace(/\/+$/, '').replace(/\.git$/, '')),
  };
}

/** The branch or tag that a ref stands for; undefined for HEAD and the like. */
export function nameOfRef(ref: string): string | undefined {
  return /^refs\/(?:heads|tags|remotes\/[^/]+)\/(.+)$/s.exec(ref)?.[1];
}

/** Half a surrogate pair would be no valid text. */
export function cut(text: string): string {
  return text.length <= maxText ? text : text.slice(0, maxText).replace(/[\uD800-\uDBFF]$/, '');
}

/** Whether a Date can hold it. */
export const isTime = (ms: number): boolean => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;
