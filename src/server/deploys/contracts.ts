import { compareIds } from '../../rooms/releases/artefact/migrations.ts';
import type { Migration } from '../../rooms/releases/artefact/release.ts';
import { maxContracts, type SchemaSeen } from '../../rooms/where/evidence/evidence.ts';
import { freshOf, type Watched } from '../../rooms/where/evidence/looks.ts';

/** A contract migration: what it takes away is there until somebody runs it by hand. */
export type Contract = Pick<Migration, 'db' | 'id'>;

/** What runners saw of contract migrations that code cannot live with; each as `DB ID`. */
export interface ContractsThere {
  readonly applied: readonly string[];
  /** Of these nobody could say lately whether they are applied. */
  readonly unseen: readonly string[];
}

/**
 * Which of these contract migrations are applied in an environment, by the looks of its runners. That a
 * release stands there says nothing of it: a deploy leaves its contract migrations for later.
 */
export function contractsThere(
  contracts: readonly Contract[],
  watched: readonly Watched[],
  now: number,
): ContractsThere {
  const seen = watched.flatMap(({ channels, every }) => freshOf(channels.schema, every, now) ?? []);
  const applied: string[] = [];
  const unseen: string[] = [];
  for (const { db, id } of contracts) {
    const words = seen.filter((one) => one.db === db).map((one) => isApplied(one, id));
    if (words.includes(true)) applied.push(`${db} ${id}`);
    else if (!words.includes(false)) unseen.push(`${db} ${id}`);
  }
  return { applied, unseen };
}

/** Undefined: a runner of an older Territory does not tell. */
function isApplied({ contracts }: SchemaSeen, id: string): boolean | undefined {
  if (!contracts) return undefined;
  const [lowest] = contracts;
  // What is older than those that are told may be applied or not; contract migrations run in their order.
  const isBelow =
    contracts.length === maxContracts && lowest !== undefined && compareIds(id, lowest) < 0;
  return isBelow || contracts.includes(id);
}
