import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeOfApp } from '../../release/store.ts';
import { readRelease } from '../../rooms/releases/artefact/canonical.ts';
import type { Migration, Release } from '../../rooms/releases/artefact/release.ts';
import type { Applied, DownText, MigrationText } from './migrator.ts';

/** An artefact in a store on this machine. */
export interface KnownRelease {
  readonly release: Release;
  /** Folder of its files. */
  readonly files: string;
}

/** Every artefact of an application in a store; one that can not be read is left out. */
export async function knownReleases(store: string, app: string): Promise<KnownRelease[]> {
  const parent = placeOfApp(store, app);
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.startsWith('sha256-'))
      .map(async (name): Promise<KnownRelease[]> => {
        const place = join(parent, name);
        const text = await readFile(join(place, 'release.json'), 'utf8').catch(() => undefined);
        const release = text === undefined ? undefined : readRelease(text).release;
        return release ? [{ release, files: join(place, 'files') }] : [];
      }),
  );
  return found.flat();
}

/** The text of one of its migrations; undefined when the artefact has no such file. */
export async function upOf(
  known: KnownRelease,
  one: Migration,
): Promise<MigrationText | undefined> {
  const path = pathOf(known, one);
  if (path === undefined) return undefined;
  return { ...one, up: await readFile(join(known.files, path), 'utf8') };
}

/**
 * The way back of each migration that ran and for which an artefact here has one: also what a
 * release brought that does not run any more. By id.
 */
export async function downsOf(
  known: readonly KnownRelease[],
  db: string,
  applied: readonly Applied[],
): Promise<ReadonlyMap<string, DownText>> {
  const found = await Promise.all(
    applied.map(async ({ id, sha256 }) => {
      const holders = known.flatMap((one) => {
        const migration = one.release.migrations.find(
          (m) => m.db === db && m.id === id && m.sha256 === sha256 && m.down,
        );
        return migration ? [{ one, migration }] : [];
      });
      const [holder] = holders;
      if (!holder) return [];
      const text = await downIn(holder.one, holder.migration);
      return text === undefined ? [] : [[id, { ...holder.migration, downText: text }] as const];
    }),
  );
  return new Map(found.flat());
}

async function downIn(known: KnownRelease, one: Migration): Promise<string | undefined> {
  const up = pathOf(known, one);
  if (up === undefined) return undefined;
  // `ID.up.sql`, `ID/up.sql`, `ID_up.sql`, or `ID.sql` beside `ID.down.sql`.
  const stem = up.replace(/[./_-]up\.sql$|\.sql$/i, '');
  const down = known.release.files.find(
    ({ path }) => path.startsWith(stem) && /^[./_-]down\.sql$/i.test(path.slice(stem.length)),
  );
  return down && readFile(join(known.files, down.path), 'utf8');
}

function pathOf({ release }: KnownRelease, { db, id, sha256 }: Migration): string | undefined {
  const folder = release.delivery?.databases.find(({ name }) => name === db)?.migrations ?? null;
  const within = folder === null ? '' : `${folder}/`;
  const same = release.files.filter(
    (file) => file.sha256 === sha256 && file.path.startsWith(within),
  );
  return (same.find(({ path }) => path.includes(id)) ?? same[0])?.path;
}
