import type { CodedError, ErrorDetails } from '../../errors/coded-error.ts';
import { compareIds } from '../../rooms/releases/artefact/migrations.ts';
import { runnerErrors } from '../errors.ts';
import type { Applied, DownText, MigrationText, Migrator } from './migrator.ts';
import { type Dialect, forbiddenIn, isWithoutTransaction, placeOf } from './script.ts';

/** ms after which it is said again that a migration runs. */
const stillEvery = 30_000;

export type RunOptions = Parameters<Migrator['run']>[1];

/** A connection that holds the one lock of migrators, until it ends or its process does. */
export interface MigratorSession {
  readonly applied: () => Promise<readonly Applied[]>;
  /** Runs a script with its note, both or none. Throws TERR_RUNNER_MIGRATION. */
  readonly inTransaction: (script: Script) => Promise<void>;
  /** Runs one that can not be in a transaction, then notes it. Throws TERR_RUNNER_MIGRATION. */
  readonly outside: (script: Script) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** A migration on its way in one direction. */
export interface Script {
  readonly one: Pick<MigrationText, 'db' | 'id' | 'sha256' | 'phase'>;
  readonly sql: string;
  /** Whether it is noted behind it, or its note taken away. */
  readonly mark: 'note' | 'forget';
}

type Around = Pick<RunOptions, 'say'> & { readonly dialect: Dialect };

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
        await runOne(session, { one, sql: one.up, mark: 'note' }, { dialect, say });
        done.push(one.id);
      }
    }
  } finally {
    await session.end();
  }
  return done;
}

/** Takes back what ran, the last first. */
export async function runBack(
  open: () => Promise<MigratorSession>,
  downs: readonly DownText[],
  { say, signal }: RunOptions,
  dialect: Dialect,
): Promise<string[]> {
  signal.throwIfAborted();
  const session = await open();
  const done: string[] = [];
  try {
    const applied = new Set((await session.applied()).map(({ id }) => id));
    for (const one of downs.toSorted((a, b) => compareIds(b.id, a.id))) {
      signal.throwIfAborted();
      if (!applied.has(one.id)) continue;
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await runOne(session, { one, sql: one.downText, mark: 'forget' }, { dialect, say });
      done.push(one.id);
    }
  } finally {
    await session.end();
  }
  return done;
}

async function runOne(session: MigratorSession, script: Script, around: Around): Promise<void> {
  const { one, sql, mark } = script;
  const { dialect, say } = around;
  const outside = isWithoutTransaction(sql);
  const forbidden = forbiddenIn(sql, dialect);
  if (forbidden) throw migrationFailed(one, forbidden.why, { ...placeOf(sql, forbidden.at) });
  const way = mark === 'note' ? one.phase : 'down';
  say(`${one.db}: ${one.id} (${way}${outside ? ', without a transaction' : ''})`);
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  // Whoever watches takes long silence for a process that hangs.
  const still = setInterval(
    () => say(`${one.db}: ${one.id} has been running for ${seconds().toFixed(0)} s`),
    stillEvery,
  );
  try {
    await (outside ? session.outside(script) : session.inTransaction(script));
  } finally {
    clearInterval(still);
  }
  say(`${one.db}: ${one.id} done in ${seconds().toFixed(1)} s`);
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
