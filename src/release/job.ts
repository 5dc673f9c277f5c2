import { manifestFile } from '../rooms/releases/artefact/assemble.ts';
import type { Release } from '../rooms/releases/artefact/release.ts';
import type { Manifest } from '../rooms/releases/manifest/manifest.ts';
import type { Fault } from '../rooms/releases/manifest/read.ts';
import { releaseErrors } from './errors.ts';
import type { Repository, Resolved } from './repository.ts';

/** What is to be built, and with what around it. */
export interface BuildRequest {
  /** Folder of the application in its repository, or a bare repository. */
  readonly path: string;
  /** HEAD's commit when left out. */
  readonly tag: string | undefined;
  /** Folder of the store. */
  readonly store: string;
  /** Build also what is there already, and compare. */
  readonly again: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly onOutput: (text: string) => void;
}

/** A version that is in the store now. */
export interface Built {
  readonly release: Release;
  /** Folder of the artefact. */
  readonly place: string;
  /** False when this version, or the same bytes under another, were there already. */
  readonly isNew: boolean;
  readonly faults: readonly Fault[];
}

/** A build under way. */
export interface Job {
  readonly request: BuildRequest;
  readonly repository: Repository;
  readonly resolved: Resolved;
  readonly manifest: Manifest;
  /** Where the application's files are checked out. */
  readonly folder: string;
  readonly version: string;
  readonly faults: readonly Fault[];
}

/** What is odd about the whole, at the head of the manifest. */
export const asWarning = (message: string): Fault => ({
  severity: 'warning',
  message,
  file: manifestFile,
  line: 1,
  column: 1,
});

/** The errors among the faults, one in a line. */
export function faulty(kind: 'MANIFEST' | 'CONTENT', faults: readonly Fault[]): Error {
  const errors = faults.filter(({ severity }) => severity === 'error');
  const lines = errors.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
  return releaseErrors(kind, lines.join('\n       '));
}
