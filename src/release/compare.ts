import { fileURLToPath } from 'node:url';
import type { Release } from '../rooms/releases/artefact/release.ts';
import type { Target } from '../rooms/releases/diff/config.ts';
import type { CommitFacts } from '../rooms/releases/diff/commits.ts';
import { type ReleaseDiff, diffReleases } from '../rooms/releases/diff/diff.ts';
import { askCommits } from './commit-facts.ts';
import { findEntry, loadRelease } from './store.ts';

/** Which two versions are compared, and with what beside them. */
export interface Comparison {
  /** Folder of the store. */
  readonly store: string;
  readonly app: string;
  readonly from: string;
  readonly to: string;
  /** Where the commits are looked for; where each was built from when left out. */
  readonly repository: string | undefined;
  /** Asked where no repository is there that has both. */
  readonly told?: (from: string, to: string) => Promise<CommitFacts | undefined>;
  readonly target: Target | undefined;
  readonly signal: AbortSignal;
}

/** A diff; when nothing is known of the commits, why. */
export interface ComparedReleases {
  readonly diff: ReleaseDiff;
  readonly commitsFrom: 'repository' | 'facts' | 'none';
  readonly commitsUnknown: string | undefined;
}

/** Compares two versions in the store. Throws TERR_RELEASE_UNKNOWN and TERR_RELEASE_ARTEFACT. */
export async function compareReleases(comparison: Comparison): Promise<ComparedReleases> {
  const { store, app, target } = comparison;
  const [a, b] = await Promise.all([
    loadRelease(store, app, comparison.from),
    loadRelease(store, app, comparison.to),
  ]);
  const { facts, from, reason } = await commitsOf(comparison, a, b);
  const diff = diffReleases(a, b, { commits: facts, target });
  return { diff, commitsFrom: from, commitsUnknown: reason };
}

async function commitsOf(
  { store, repository, told, signal }: Comparison,
  a: Release,
  b: Release,
): Promise<{
  readonly facts?: CommitFacts | undefined;
  readonly from: ComparedReleases['commitsFrom'];
  readonly reason: string | undefined;
}> {
  const [from, to] = [a.source.commit, b.source.commit];
  const paths = repository === undefined ? await placesOf(store, [b, a]) : [repository];
  const asked = await askCommits({ paths, from, to, folder: b.source.path }, signal);
  if (asked.facts) return { facts: asked.facts, from: 'repository', reason: undefined };
  const facts = await told?.(from, to);
  if (facts) return { facts, from: 'facts', reason: undefined };
  return { from: 'none', reason: asked.reason };
}

async function placesOf(store: string, releases: readonly Release[]): Promise<string[]> {
  const entries = await Promise.all(
    releases.map(async ({ app, version }) => findEntry(store, app, version)),
  );
  const paths = [
    // Of a version that was sent here it is not known.
    ...entries.flatMap((entry) => entry?.repository || []),
    ...releases.flatMap(({ source }) =>
      source.repo.startsWith('file:') ? [fileURLToPath(source.repo)] : [],
    ),
  ];
  return [...new Set(paths)];
}
