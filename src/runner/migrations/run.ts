import type { CodedError, ErrorDetails } from '../../errors/coded-error.ts';
import { compareIds } from '../../rooms/releases/artefact/migrations.ts';
import { runnerErrors } from '../errors.ts';
import type { Applied, MigrationText, Migrator } from './migrator.ts';
import { type Dialect, forbiddenIn, isWithoutTransaction, placeOf } from './script.ts';

export type RunOptions = Parameters<Migrator['run']>[1];

/** A connection that holds the one lock of migrators, until it ends or its process does. */
export interface MigratorSession {
  readonly applied: () => Promise<readonly Applied[]>;
  /** Runs one with its note, both or none. Throws TERR_RUNNER_MIGRATION. */
  readonly inTransaction: (migration: MigrationText) => Promise<void>;
  /** Runs one that can not be in a transaction, then notes it. Throws TERR_RUNNER_MIGRATION. */
  readonly outside: (migration: MigrationText) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Runs what did not run yet, in order. What ran is asked again under the lock. */
export async function runMissing(
  open: () => Promise<MigratorSession>,
  migrations: readonly MigrationText[],
  { say, signal }: RunOptions,
  dialect: Dialect,
): Promise<string[]> {
  signal.throwIfAborted();
  const session = await open();
  const done: string[] = [];
  try {
    const applied = new Map((await session.applied()).map((one) => [one.id, one]));
    for (const one of migrations.toSorted((a, b) => compareIds(a.id, b.id))) {
      signal.throwIfAborted();
      const before = applied.get(one.id);
      if (before) refuseChanged(one, before);
      else {
        // oxlint-disable-next-line no-await-in-loop -- in their order
        await runOne(session, one, { dialect, say });
        done.push(one.id);
      }
    }
  } finally {
    await session.end();
  }
  return done;
}

async function runOne(
  session: MigratorSession,
  one: MigrationText,
  { dialect, say }: { readonly dialect: Dialect; readonly say: (text: string) => void },
): Promise<void> {
  const outside = isWithoutTransaction(one.up);
  const forbidden = forbiddenIn(one.up, dialect);
  if (forbidden) throw migrationFailed(one, forbidden.why, { ...placeOf(one.up, forbidden.at) });
  say(`${one.db}: ${one.id} (${one.phase}${outside ? ', without a transaction' : ''})`);
  const start = performance.now();
  await (outside ? session.outside(one) : session.inTransaction(one));
  say(`${one.db}: ${one.id} done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function refuseChanged(one: MigrationText, { version, sha256 }: Applied): void {
  if (sha256 === one.sha256) return;
  throw migrationFailed(
    one,
    `it has other bytes than the one that ${version} ran; give the change an id of its own`,
  );
}

/** `orders-db: migration 0002_x: line 3, column 7: relation "a" does not exist`. */
export function migrationFailed(
  { db, id }: Pick<MigrationText, 'db' | 'id'>,
  words: string,
  details: ErrorDetails = {},
): CodedError {
  const { line, column } = details;
  const place =
    line === undefined ? '' : `line ${line}${column === undefined ? '' : `, column ${column}`}: `;
  return runnerErrors('MIGRATION', `${db}: migration ${id}: ${place}${words}`, details);
}
