import { compareIds } from '../artefact/migrations.ts';
import type { Migration } from '../artefact/release.ts';
import { compareLists } from './compare-lists.ts';
import { type Level, highest } from './level.ts';

/** A migration that is not in line with those around it. */
interface Gap {
  readonly db: string;
  readonly id: string;
  /** It comes before this one, which has been released; or after this one, with numbers missing between. */
  readonly other: string;
  readonly kind: 'before' | 'missing';
}

/** A migration as it would be taken back. */
interface Back {
  readonly db: string;
  readonly id: string;
  /** Null when there is no way back. */
  readonly by: 'down' | null;
  /** What taking it back, or having run it, loses. */
  readonly loses: readonly string[];
}

/** Changes of databases. */
export interface MigrationsPart {
  readonly level: Level;
  readonly added: readonly Migration[];
  readonly removed: readonly Migration[];
  /** The same id with other bytes: an error. */
  readonly changed: readonly Migration[];
  readonly gaps: readonly Gap[];
  /** What taking B's new migrations back would be, the last one first. Never done by itself. */
  readonly back: readonly Back[];
  /** Of `removed`: what they took away, the older code of B still needs. */
  readonly missed: readonly Migration[];
}

/** Compares migrations by (db, id). */
export function diffMigrations(a: readonly Migration[], b: readonly Migration[]): MigrationsPart {
  const { added, removed, both } = compareLists(a, b, ({ db, id }) => JSON.stringify([db, id]));
  const changed = both
    .filter(([before, after]) => before.sha256 !== after.sha256)
    .map(([, after]) => after);
  const missed = removed.filter(({ phase }) => phase === 'contract');
  const back = added.toReversed().map(({ db, id, down, destructive }): Back => ({
    db,
    id,
    by: down ? 'down' : null,
    loses: destructive,
  }));
  const level = highest([
    ...[...added, ...removed].map(({ phase }) => `migration-${phase}` as const),
    ...(changed.length + missed.length > 0 ? (['incompatible'] as const) : []),
  ]);
  return { level, added, removed, changed, gaps: gapsOf(a, b, added), back, missed };
}

function gapsOf(
  a: readonly Migration[],
  b: readonly Migration[],
  added: readonly Migration[],
): Gap[] {
  return added.flatMap(({ db, id }): Gap[] => {
    const released = a.filter((one) => one.db === db).at(-1);
    if (released && compareIds(id, released.id) < 0)
      return [{ db, id, other: released.id, kind: 'before' }];
    const ids = b.filter((one) => one.db === db).map((one) => one.id);
    const previous = ids[ids.indexOf(id) - 1];
    if (previous === undefined || !skips(previous, id)) return [];
    return [{ db, id, other: previous, kind: 'missing' }];
  });
}

/** Of numbers that are counted; a number of more than six digits is a date. */
function skips(previous: string, id: string): boolean {
  const [x, y] = [previous, id].map((text) => /^\D{0,2}(\d{1,6})(?!\d)/.exec(text)?.[1]);
  return x !== undefined && y !== undefined && Number(y) > Number(x) + 1;
}
