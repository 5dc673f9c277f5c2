import { matcherOf } from '../manifest/globs.ts';
import { readKeys } from '../manifest/keys.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Fault } from '../manifest/read.ts';
import { digestOf, inOrder } from './canonical.ts';
import { type TextFile, looksLikeContract, readContracts } from './contracts.ts';
import { deliveryOf } from './delivery.ts';
import { readPackageLock } from './dependencies.ts';
import { readMigrations, reversibilityOf } from './migrations.ts';
import {
  type Migration,
  type Release,
  type ReleaseFile,
  type Source,
  releaseSchema,
} from './release.ts';
import { readScenarios, sortScenarios } from './scenarios.ts';

/** Name of the manifest, in the folder of the application. */
export const manifestFile = 'territory.yaml';
const lockFile = 'package-lock.json';

/** Everything that a release is made of. */
export interface Parts {
  readonly manifest: Manifest;
  readonly version: string;
  readonly source: Source;
  readonly files: readonly ReleaseFile[];
  /** By path, at least those for which `isRead` says so. */
  readonly texts: ReadonlyMap<string, TextFile>;
  /** Of the release `source.previous`. */
  readonly previous: readonly Migration[];
}

/** A release, when there is no error among the faults. */
export interface Assembled {
  readonly release: Release | undefined;
  readonly faults: readonly Fault[];
}

/**
 * What a release is judged by is always in the artefact, whatever `build.include` says: the
 * manifest, keys, migrations, features, contracts and the lock file.
 */
export function isTaken({ build, ...manifest }: Manifest): (path: string) => boolean {
  if (build.include.length === 0) return () => true;
  return matcherOf([...build.include, ...judgedBy(manifest)]);
}

/** Whether the text of a file is looked into. */
export function isRead(manifest: Manifest): (path: string) => boolean {
  const judged = matcherOf(judgedBy(manifest));
  return (path) => judged(path) || looksLikeContract(path);
}

function judgedBy(manifest: Omit<Manifest, 'build'>): string[] {
  return [
    manifestFile,
    lockFile,
    ...(manifest.keys === undefined ? [] : [literal(manifest.keys)]),
    ...manifest.databases.flatMap(({ migrations }) =>
      migrations === undefined ? [] : [literal(migrations)],
    ),
    ...manifest.provides.flatMap(({ file }) => (file === undefined ? [] : [literal(file)])),
    ...manifest.smoke,
  ];
}

/** A path as a glob for itself. */
const literal = (path: string): string => path.replace(/[*?[{]/g, '[$&]');

/** Makes the release of an artefact's files; pure. */
export function assemble(parts: Parts): Assembled {
  const { manifest, version, source, texts } = parts;
  const found = new Findings();
  const migrations = migrationsOf(manifest, texts, found);
  const keys = keysOf(manifest, texts, found);
  const { dependencies, fault } = readPackageLock(texts.get(lockFile)?.text ?? '{"packages":{}}');
  if (fault !== undefined) found.add('warning', fault);
  for (const { file, name } of manifest.provides)
    if (file !== undefined && !texts.has(file))
      found.add('error', `the contract of ${name}, ${file}, is not there`);
  const smoke = smokeOf(manifest, texts, found);
  const known = new Set(parts.previous.map(({ db, id }) => JSON.stringify([db, id])));
  const fresh = migrations.filter(({ db, id }) => !known.has(JSON.stringify([db, id])));
  const files = parts.files.toSorted((a, b) => inOrder(a.path, b.path));
  const release: Release = {
    schema: releaseSchema,
    app: manifest.app,
    version,
    digest: digestOf(files),
    source,
    files,
    migrations,
    config: { keys: [...keys] },
    dependencies: [...dependencies],
    contracts: readContracts(manifest.provides, texts),
    smoke,
    needs: manifest.needs
      .map(({ name, version: needed, soft }) => ({ name, version: needed ?? null, soft }))
      .toSorted((a, b) => inOrder(a.name, b.name) || inOrder(a.version ?? '', b.version ?? '')),
    reversible: reversibilityOf(fresh),
    delivery: deliveryOf(manifest),
    warnings: found.warnings(),
  };
  return { release: found.failed ? undefined : release, faults: found.faults };
}

/** What is wrong with the files, beside what has its own place. */
class Findings {
  readonly faults: Fault[] = [];

  add(severity: Fault['severity'], message: string): void {
    this.faults.push({ severity, message, file: manifestFile, line: 1, column: 1 });
  }

  get failed(): boolean {
    return this.faults.some(({ severity }) => severity === 'error');
  }

  warnings(): string[] {
    return this.faults
      .filter(({ severity }) => severity === 'warning')
      .map(({ message }) => message);
  }
}

type Texts = Parts['texts'];

function migrationsOf({ databases }: Manifest, texts: Texts, found: Findings): Migration[] {
  return databases
    .toSorted((a, b) => inOrder(a.name, b.name))
    .flatMap(({ name, migrations: folder }) => {
      if (folder === undefined) return [];
      const below = `${folder}/`;
      const files = [...texts]
        .filter(([path]) => path.startsWith(below))
        .map(([path, { text, sha256 }]) => ({ name: path.slice(below.length), text, sha256 }));
      const { migrations, faults } = readMigrations(name, files);
      for (const fault of faults) found.add('error', fault);
      if (migrations.length === 0)
        found.add('warning', `${name}: there is no migration in ${folder}/`);
      return [...migrations];
    });
}

function keysOf(
  { keys: file }: Manifest,
  texts: Texts,
  found: Findings,
): Release['config']['keys'] {
  if (file === undefined) return [];
  const text = texts.get(file)?.text;
  if (text === undefined) {
    found.add('error', `the file of configuration keys, ${file}, is not there`);
    return [];
  }
  const { keys, faults } = readKeys(file, text);
  found.faults.push(...faults);
  return [...keys];
}

function smokeOf({ smoke }: Manifest, texts: Texts, found: Findings): Release['smoke'] {
  if (smoke.length === 0) return [];
  const wanted = matcherOf(smoke);
  const scenarios = [...texts]
    .filter(([path]) => wanted(path))
    .flatMap(([path, { text }]) => readScenarios(path, text));
  if (scenarios.length === 0) found.add('warning', `no scenario is found in ${smoke.join(', ')}`);
  return sortScenarios(scenarios);
}
