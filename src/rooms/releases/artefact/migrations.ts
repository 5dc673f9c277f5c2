import { inOrder } from './canonical.ts';
import type { Migration } from './release.ts';
import { destructiveStatements } from './sql.ts';

/** A file of a folder of migrations; `name` is its path in there. */
export interface MigrationFile {
  readonly name: string;
  readonly text: string;
  /** Of its bytes. */
  readonly sha256: string;
}

/** What was made of a folder, and what in it could not be used. */
export interface ReadMigrations {
  readonly migrations: readonly Migration[];
  readonly faults: readonly string[];
}

/** `ID.up.sql`, `ID.down.sql`, `ID.sql`, `ID/up.sql`, `ID/down.sql`; also with `-` or `_` before up. */
const named = /^(.+?)(?:[./_-](up|down))?\.sql$/i;
const phaseLine = /^--\s*phase\s*:\s*(\S+)\s*$/im;

/**
 * Migrations of the style `up-down-sql`, in the order of their ids. A line `-- phase: expand` or
 * `-- phase: contract` in the `up` file says the phase; without it a migration is `contract` when
 * something destructive is found in it, and `expand` otherwise.
 */
export function readMigrations(db: string, files: readonly MigrationFile[]): ReadMigrations {
  const faults: string[] = [];
  const up = new Map<string, MigrationFile>();
  const down = new Set<string>();
  for (const file of files.toSorted((a, b) => inOrder(a.name, b.name))) {
    const [, id, side] = named.exec(file.name) ?? [];
    if (id === undefined) continue;
    if (side?.toLowerCase() === 'down') down.add(id);
    else if (up.has(id)) faults.push(`${db}: migration ${id} has two files that go up`);
    else up.set(id, file);
  }
  for (const id of down)
    if (!up.has(id)) faults.push(`${db}: migration ${id} has a down and no up`);
  const migrations = [...up]
    .toSorted(([a], [b]) => compareIds(a, b))
    .map(([id, { text, sha256 }]): Migration => {
      const destructive = destructiveStatements(text);
      const said = phaseLine.exec(text)?.[1]?.toLowerCase();
      if (said !== undefined && said !== 'expand' && said !== 'contract')
        faults.push(`${db}: migration ${id} has the phase "${said}", not expand or contract`);
      const contract = said === 'contract' || (said !== 'expand' && destructive.length > 0);
      const phase = contract ? 'contract' : 'expand';
      return { db, id, phase, sha256, down: down.has(id), destructive };
    });
  return { migrations, faults };
}

/** By the number that they begin with (`2` before `10`), then as text. */
export function compareIds(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined && x !== y) return x < y ? -1 : 1;
  return inOrder(a, b);
}

function numberOf(id: string): bigint | undefined {
  const digits = /^\D{0,2}(\d+)/.exec(id)?.[1];
  return digits === undefined ? undefined : BigInt(digits.slice(0, 40));
}

/** Whether migrations can be taken back, or each reason why not. */
export function reversibilityOf(migrations: readonly Migration[]): {
  value: boolean;
  why: string[];
} {
  const why = migrations.flatMap(({ id, down, destructive }) => [
    ...(down ? [] : [`${id} has no down`]),
    ...destructive.map((statement) => `${id} loses what was there: ${statement}`),
  ]);
  return { value: why.length === 0, why };
}
