import type { Draft, Json } from '../../event/event.ts';
import { type About, cut, isTime, nameOfRef, repositoryAttributes } from './facts.ts';

/** A branch or tag that was made, moved or taken away. */
export interface RefChange {
  /** `refs/heads/…` or `refs/tags/…`; others make no facts. */
  readonly ref: string;
  /** Object ids; undefined: there was none, there is none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** When, ms since the epoch; see docs/protocols/git.md how it is known. */
  readonly time: number;
  /** The branch left commits behind: it was not moved forward. */
  readonly forced: boolean;
  /** New commits on a branch, as far as they were counted. */
  readonly commits?: number;
  /** There were more, and only these were sent. */
  readonly truncated?: boolean;
}

/**
 * The fact that a ref was changed; none for a new tag, which `factOfTag` tells. Its id is made of the
 * change itself, so that whoever saw it tells the same fact.
 */
export function factsOfChange(change: RefChange, about: About): Draft[] {
  const { ref, before, after } = change;
  const name = nameOfRef(ref);
  if (name === undefined || before === after) return [];
  const fact = ref.startsWith('refs/tags/')
    ? factOfGoneTag(change, about, name)
    : ref.startsWith('refs/heads/')
      ? factOfBranch(change, about, name)
      : undefined;
  return fact === undefined ? [] : [fact];
}

function factOfGoneTag(change: RefChange, about: About, name: string): Draft | undefined {
  const { before, after } = change;
  if (after !== undefined || before === undefined) return undefined;
  return customFact(change, about, { kind: 'tag', predicate: 'deleted', id: `${name}@${before}` });
}

function factOfBranch(change: RefChange, about: About, name: string): Draft {
  const { before, after } = change;
  if (before === undefined)
    return branchFact(change, about, { predicate: 'created', name, sha: after ?? '' });
  if (after === undefined)
    return branchFact(change, about, { predicate: 'deleted', name, sha: before });
  const id = `${name}@${before}..${after}`;
  return customFact(change, about, { kind: 'branch', predicate: 'updated', id });
}

interface Custom {
  readonly kind: 'branch' | 'tag';
  readonly predicate: 'updated' | 'deleted';
  readonly id: string;
}

/** CDEvents has no word for a branch that moves, nor for tags. */
function customFact(change: RefChange, about: About, { kind, predicate, id }: Custom): Draft {
  const name = nameOfRef(change.ref) ?? '';
  return {
    id: `${kind}-${predicate}/${id}`,
    type: `dev.cdeventsx.territory-${kind}.${predicate}.0.1.0`,
    ...commonOf(change, about, kind),
    data: { [kind]: cut(name), ...dataOf(change) },
  };
}

interface Of {
  readonly predicate: 'created' | 'deleted';
  readonly name: string;
  readonly sha: string;
}

/** CDEvents 0.5, `branch.created` and `branch.deleted` 0.3.0: bodies that their schemas take. */
function branchFact(change: RefChange, about: About, { predicate, name, sha }: Of): Draft {
  const { time } = change;
  const { source, repository } = about;
  const id = `branch-${predicate}/${name}@${sha}`;
  const type = `dev.cdevents.branch.${predicate}.0.3.0`;
  const common = commonOf(change, about, 'branch');
  const timestamp = isTime(time) ? new Date(time).toISOString() : '';
  return {
    id,
    type,
    ...common,
    data: {
      context: { specversion: '0.5.1', id, source, type, timestamp },
      subject: {
        id: common.subject,
        source,
        content: { repository: { id: repository, source } },
      },
      customData: dataOf(change),
      customDataContentType: 'application/json',
    },
  };
}

function commonOf({ ref, before, after, time }: RefChange, about: About, kind: 'branch' | 'tag') {
  const name = cut(nameOfRef(ref) ?? '');
  const sha = after ?? before ?? '';
  return {
    time,
    source: about.source,
    subject: `${kind}/${name}`,
    ...(about.service !== undefined && { service: about.service }),
    attributes: {
      ...repositoryAttributes(about),
      'vcs.ref.head.name': name,
      'vcs.ref.head.type': kind,
      'vcs.ref.head.revision': sha,
    },
  };
}

function dataOf({ before, after, forced, commits, truncated }: RefChange): Record<string, Json> {
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && after !== undefined && { forced }),
    ...(commits !== undefined && { commits }),
    ...(truncated === true && { truncated }),
  };
}
