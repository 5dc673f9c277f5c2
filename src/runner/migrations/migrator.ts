import type { Migration } from '../../rooms/releases/artefact/release.ts';

/** A migration with its text, as the artefact has it. */
export interface MigrationText extends Migration {
  readonly up: string;
}

/** One that was run on a database, as its own table says. */
export interface Applied {
  readonly id: string;
  readonly sha256: string;
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly version: string;
}

/** How the schema of a database and an artefact differ. */
export interface Drift {
  readonly kind: 'changed' | 'unknown' | 'missing';
  readonly id: string;
  readonly text: string;
}

/** One database, of one environment. */
export interface Migrator {
  /** What was run; empty when there is no table of it yet. Throws TERR_RUNNER_DATABASE. */
  readonly applied: (signal: AbortSignal) => Promise<readonly Applied[]>;
  /**
   * Runs those that are missing, in their order, one migrator at a time, each in a transaction with
   * its note where the database can. Throws TERR_RUNNER_MIGRATION with the id and the words of the
   * database; what ran before it stays and is noted. Gives the ids that it ran.
   */
  readonly run: (
    migrations: readonly MigrationText[],
    options: {
      readonly version: string;
      readonly say: (text: string) => void;
      readonly signal: AbortSignal;
    },
  ) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}
