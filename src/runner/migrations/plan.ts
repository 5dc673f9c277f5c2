import { compareIds } from '../../rooms/releases/artefact/migrations.ts';
import type { Migration } from '../../rooms/releases/artefact/release.ts';
import { destructiveStatements } from '../../rooms/releases/artefact/sql.ts';
import type { Applied, Drift } from './migrator.ts';

/**
 * How what ran on a database differs from what an artefact has for it. Later `expand` migrations
 * that the artefact does not know are no drift: the database is ahead of older code, which can live
 * with them. Nor are migrations missing that come after all that ran, or that are `contract`.
 */
export function drift(
  applied: readonly Applied[],
  migrations: readonly Pick<Migration, 'id' | 'sha256' | 'phase'>[],
): Drift[] {
  const known = new Map(migrations.map((one) => [one.id, one]));
  const ran = new Set(applied.map(({ id }) => id));
  const last = migrations
    .map(({ id }) => id)
    .toSorted(compareIds)
    .at(-1);
  const lastRun = [...ran]
    .filter((id) => known.has(id))
    .toSorted(compareIds)
    .at(-1);
  const isAhead = ({ id, phase }: Applied): boolean =>
    phase === 'expand' && (last === undefined || compareIds(id, last) > 0);
  return [
    ...applied.flatMap((one): Drift[] => {
      const ours = known.get(one.id);
      if (!ours) return isAhead(one) ? [] : [unknown(one)];
      return ours.sha256 === one.sha256 ? [] : [changed(one)];
    }),
    ...migrations
      .filter(({ id, phase }) => phase === 'expand' && !ran.has(id))
      .filter(({ id }) => lastRun !== undefined && compareIds(id, lastRun) < 0)
      .map(({ id }) => missing(id, lastRun ?? '')),
  ].toSorted((a, b) => compareIds(a.id, b.id));
}

const unknown = ({ id, version, phase }: Applied): Drift => ({
  kind: 'unknown',
  id,
  text:
    phase === 'contract'
      ? `${id} was run by ${version} and took away what older code may need; this artefact does not know it`
      : `${id} was run by ${version}, and this artefact does not know it`,
});
const changed = ({ id, version }: Applied): Drift => ({
  kind: 'changed',
  id,
  text: `${id} has other bytes than the one that ${version} ran`,
});
const missing = (id: string, after: string): Drift => ({
  kind: 'missing',
  id,
  text: `${id} did not run, although ${after} did, which comes after it`,
});

/** What to run, and what is left for later. */
export interface Plan<M> {
  readonly run: readonly M[];
  /** Of the other phase, and not run yet. */
  readonly later: readonly M[];
}

/**
 * What of an artefact's migrations is to be run in a phase, in the order of their ids. A deploy runs
 * `expand`; `contract` is a step of its own, after `mayContract`. Nothing runs down.
 */
export function plan<M extends Pick<Migration, 'id' | 'phase'>>(
  applied: readonly Pick<Applied, 'id'>[],
  migrations: readonly M[],
  phase: Migration['phase'],
): Plan<M> {
  const ran = new Set(applied.map(({ id }) => id));
  const open = migrations
    .filter(({ id }) => !ran.has(id))
    .toSorted((a, b) => compareIds(a.id, b.id));
  return {
    run: open.filter((one) => one.phase === phase),
    later: open.filter((one) => one.phase !== phase),
  };
}

/** An instance as it was last seen, with the migrations of the release that it runs. */
export interface RunningVersion {
  /** For people: `production shop/blue-1`. */
  readonly instance: string;
  /** Null when it did not say. */
  readonly version: string | null;
  /** Null when nobody knows that release. */
  readonly migrations: readonly Pick<Migration, 'db' | 'id'>[] | null;
}

/** Whether `contract` migrations may run now, and if not, who needs the old shape. */
export type MayContract =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string };

/**
 * A release needs the old shape unless it has the `contract` migration itself: only then was it
 * written for what is left. What is not known is taken for needing it. `running` null: nobody looked.
 */
export function mayContract(
  contract: readonly Pick<Migration, 'db' | 'id'>[],
  running: readonly RunningVersion[] | null,
): MayContract {
  if (contract.length === 0) return { allowed: true };
  if (running === null)
    return { allowed: false, reason: 'nobody knows what runs on this database now' };
  const needing = running.flatMap(({ instance, version, migrations }) => {
    if (version === null) return [`${instance} does not say what it runs`];
    if (migrations === null) return [`${instance} runs ${version}, of which no artefact is known`];
    const lacking = contract.filter(
      ({ db, id }) => !migrations.some((one) => one.db === db && one.id === id),
    );
    if (lacking.length === 0) return [];
    const ids = lacking.map(({ id }) => id).join(', ');
    return [`${instance} runs ${version}, which may need what ${ids} takes away`];
  });
  return needing.length === 0 ? { allowed: true } : { allowed: false, reason: needing.join('; ') };
}

/** One step back, and what it would cost. */
export interface StepBack {
  readonly id: string;
  /** Null: it cannot be taken back. */
  readonly down: string | null;
  /** Statements that lose data, shortened. */
  readonly loses: readonly string[];
}

/**
 * What going back behind a migration would be, the last first; people see what it loses before
 * anything runs. Never part of a deploy or a rollback. `to` is the last id that stays, null for none.
 */
export function stepsBack(
  applied: readonly Pick<Applied, 'id'>[],
  downs: ReadonlyMap<string, string>,
  to: string | null,
): StepBack[] {
  return applied
    .map(({ id }) => id)
    .filter((id) => to === null || compareIds(id, to) > 0)
    .toSorted((a, b) => compareIds(b, a))
    .map((id) => {
      const down = downs.get(id) ?? null;
      return { id, down, loses: down === null ? [] : destructiveStatements(down) };
    });
}
