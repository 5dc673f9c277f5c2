import type { Level } from './level.ts';

/** A commit as the repository has it. */
export interface CommitFact {
  readonly sha: string;
  readonly author: string;
  /** RFC 3339. */
  readonly time: string;
  readonly title: string;
  /** The message behind the title. */
  readonly body: string;
}

/** How a source file differs, as `git diff --raw -M --numstat` says it. */
export interface SourceChange {
  /** `A`, `M`, `D`, `R` (renamed), `C` (copied), `T` (another kind of file). */
  readonly kind: string;
  readonly path: string;
  /** Where it was, of one that was renamed or copied. */
  readonly from: string | null;
  readonly mode: readonly [before: string, after: string];
  /** Lines; null of a binary file. */
  readonly added: number | null;
  readonly deleted: number | null;
}

/** What a repository says of two commits. */
export interface CommitFacts {
  /** In B and not in A, and the other way round; the newest first. */
  readonly added: readonly CommitFact[];
  readonly removed: readonly CommitFact[];
  /** Null where only the commits are known. */
  readonly source: readonly SourceChange[] | null;
}

/** A commit, and what its message names. */
export interface CommitLine extends Omit<CommitFact, 'body'> {
  readonly pullRequests: readonly number[];
  readonly issues: readonly string[];
}

/** Commits, and the source files that they touch. */
export interface CommitsPart {
  readonly level: Level;
  /** Null when no repository was there to ask; then nothing is known of them. */
  readonly added: readonly CommitLine[] | null;
  readonly removed: readonly CommitLine[] | null;
  readonly source: readonly SourceChange[] | null;
  readonly pullRequests: readonly number[];
  readonly issues: readonly string[];
}

/** The commits between two releases; what is added gives the numbers of the part. */
export function diffCommits(facts: CommitFacts | undefined): CommitsPart {
  if (!facts)
    return {
      level: 'none',
      added: null,
      removed: null,
      source: null,
      pullRequests: [],
      issues: [],
    };
  const [added, removed] = [facts.added.map(lineOf), facts.removed.map(lineOf)];
  const all = [...added, ...removed];
  return {
    level: all.length > 0 ? 'code' : 'none',
    added,
    removed,
    source: facts.source,
    pullRequests: [...new Set(all.flatMap(({ pullRequests }) => pullRequests))].toSorted(
      (a, b) => a - b,
    ),
    issues: [...new Set(all.flatMap(({ issues }) => issues))].toSorted(),
  };
}

function lineOf({ sha, author, time, title, body }: CommitFact): CommitLine {
  const text = `${title}\n${body}`;
  // `#7` of GitHub and Gitea, `!7` and the line of merges of GitLab; not `a#7` of a link, not `&#39;`.
  const numbers = [
    ...text.matchAll(/(?:(?<![\w&#!])[#!]|See merge request \S{1,200}!)(\d{1,9})\b/g),
  ].map(([, number]) => Number(number));
  const keys = [...text.matchAll(/(?<![\w-])([A-Z][A-Z0-9_]{1,19}-[1-9]\d{0,8})(?![\w-])/g)]
    .flatMap(([, key]) => key ?? [])
    .filter((key) => !notIssues.test(key));
  return {
    sha,
    author,
    time,
    title,
    pullRequests: [...new Set(numbers)],
    issues: [...new Set(keys)],
  };
}

/** What looks like the key of an issue and is the name of a standard. */
const notIssues = /^(UTF|SHA|ISO|RFC|AES|CVE|HTTP|TLS|MD|RSA|PEP|ES)-/;
