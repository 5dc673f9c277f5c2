import { fileURLToPath } from 'node:url';
import type { Release } from '../rooms/releases/artefact/release.ts';
import type { Target } from '../rooms/releases/diff/config.ts';
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
  readonly target: Target | undefined;
  readonly signal: AbortSignal;
}

/** A diff; when nothing is known of the commits, why. */
export interface ComparedReleases {
  readonly diff: ReleaseDiff;
  readonly commitsUnknown: string | undefined;
}

/** Compares two versions in the store. Throws TERR_RELEASE_UNKNOWN and TERR_RELEASE_ARTEFACT. */
export async function compareReleases(comparison: Comparison): Promise<ComparedReleases> {
  const { store, app, signal, target } = comparison;
  const [a, b] = await Promise.all([
    loadRelease(store, app, comparison.from),
    loadRelease(store, app, comparison.to),
  ]);
  const asked = await askCommits(
    {
      paths:
        comparison.repository === undefined
          ? await placesOf(store, [b, a])
          : [comparison.repository],
      from: a.source.commit,
      to: b.source.commit,
      folder: b.source.path,
    },
    signal,
  );
  return {
    diff: diffReleases(a, b, { commits: asked.facts, target }),
    commitsUnknown: asked.reason,
  };
}

async function placesOf(store: string, releases: readonly Release[]): Promise<string[]> {
  const entries = await Promise.all(
    releases.map(async ({ app, version }) => findEntry(store, app, version)),
  );
  const paths = [
    ...entries.flatMap((entry) => entry?.repository ?? []),
    ...releases.flatMap(({ source }) =>
      source.repo.startsWith('file:') ? [fileURLToPath(source.repo)] : [],
    ),
  ];
  return [...new Set(paths)];
}
