import type { Migration, Release } from '../../rooms/releases/artefact/release.ts';
import { compareIds } from '../../rooms/releases/artefact/migrations.ts';
import { maxContracts, type SchemaSeen } from '../../rooms/where/evidence/evidence.ts';
import type { Applied, Drift, Migrator } from '../migrations/migrator.ts';
import { drift } from '../migrations/plan.ts';

/** Differences that are told of one database. */
const maxDrift = 50;

/** M: what is applied to each database, against the releases that run on it. */
export async function seeSchemas(
  releases: readonly Pick<Release, 'version' | 'migrations'>[],
  databases: Readonly<Record<string, Pick<Migrator, 'applied'>>>,
  signal: AbortSignal,
): Promise<SchemaSeen[]> {
  const names = new Set(releases.flatMap(({ migrations }) => migrations.map(({ db }) => db)));
  const seen = [...names].flatMap((db) => {
    const migrator = databases[db];
    const wanted = releases.map(({ version, migrations }) => ({
      version,
      migrations: migrations.filter((one) => one.db === db),
    }));
    return migrator ? [seeOne(db, migrator.applied(signal), wanted)] : [];
  });
  return Promise.all(seen);
}

interface Wanted {
  readonly version: string;
  readonly migrations: readonly Migration[];
}

async function seeOne(
  db: string,
  asked: Promise<readonly Applied[]>,
  wanted: readonly Wanted[],
): Promise<SchemaSeen> {
  const applied = await asked;
  return {
    db,
    applied: applied.length,
    contracts: contractsOf(applied),
    drift: driftOf(applied, wanted).slice(0, maxDrift),
  };
}

const contractsOf = (applied: readonly Applied[]): string[] =>
  applied
    .filter(({ phase }) => phase === 'contract')
    .map(({ id }) => id)
    .toSorted(compareIds)
    .slice(-maxContracts);

/**
 * How what is applied differs from what the running releases have: as `drift` says it of each, but
 * unknown only where none of them knows it. What runs also needs each of its expanding migrations.
 */
export function driftOf(applied: readonly Applied[], wanted: readonly Wanted[]): Drift[] {
  const known = new Set(wanted.flatMap(({ migrations }) => migrations.map(({ id }) => id)));
  const there = new Set(applied.map(({ id }) => id));
  const found = new Map<string, Drift>();
  for (const { version, migrations } of wanted) {
    for (const one of drift(applied, migrations))
      if (one.kind !== 'unknown' || !known.has(one.id)) found.set(`${one.kind} ${one.id}`, one);
    for (const { id, phase } of migrations)
      if (phase === 'expand' && !there.has(id))
        found.set(`missing ${id}`, {
          kind: 'missing',
          id,
          text: `${id} is not applied, and ${version}, which has it, runs`,
        });
  }
  return [...found.values()];
}
