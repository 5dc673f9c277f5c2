import type { Migration } from '../../rooms/releases/artefact/release.ts';

/** A migration with its text, as the artefact has it. */
export interface MigrationText extends Migration {
  readonly up: string;
}

/** One that was run on a database, as its own table says. */
export interface Applied {
  readonly id: string;
  readonly sha256: string;
  readonly phase: Migration['phase'];
  /** ms since the epoch, UTC. */
  readonly at: number;
  /** Of the release that ran it. */
  readonly version: string;
}

/**
 * How the schema of a database and an artefact differ: a file that was changed after it ran, one
 * that ran and that the artefact does not know, one that was left out before one that ran.
 */
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

/** Who can also take back. Kept apart, so that nothing that deploys has it in its hands. */
export interface BackMigrator extends Migrator {
  /**
   * Runs the `down` of migrations that ran, the last first, and forgets them, as `run` does it; those
   * that did not run are passed over. What it loses is lost: people are shown `stepsBack` before.
   */
  readonly back: (
    downs: readonly DownText[],
    options: Parameters<Migrator['run']>[1],
  ) => Promise<readonly string[]>;
}
/** The way back of one migration. */
export interface DownText extends Migration {
  readonly downText: string;
}

/** What a migrator may take; ms each. */
export interface MigratorLimits {
  /** Waiting for a lock of the database: who waits longer would have all readers wait behind him. */
  readonly lock: number;
  /** One statement of PostgreSQL, one migration of SQLite. */
  readonly statement: number;
  /** Waiting for another migrator of the same database. */
  readonly turn: number;
}

export const defaultLimits: MigratorLimits = { lock: 5000, statement: 600_000, turn: 600_000 };
